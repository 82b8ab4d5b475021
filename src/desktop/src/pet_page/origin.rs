//! Where the pet's image came from: which one exactly, when, how old it is, and who signed it.

use gettextrs::gettext;
use kennel_model::{ImageOrigin, ImageSummary, PetSummary, SignatureState};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentParts, ComponentSender, RelmWidgetExt as _, SimpleComponent, adw, gtk};

use crate::words::{self, gettext_f};

/// The pet's image, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pet: PetSummary,
    /// The image that it was made from, while it is on this computer.
    image: Option<ImageSummary>,
    /// Another image has its name now.
    is_replaced: bool,
}

impl Provenance {
    /// That of `pet`, among the images of this computer.
    pub fn of(pet: &PetSummary, images: &[ImageSummary]) -> Self {
        let named = images.iter().find(|image| image.reference == pet.image);
        let image = named.filter(|image| image.digest == pet.digest);
        Self {
            pet: pet.clone(),
            is_replaced: named.is_some() && image.is_none(),
            // Under another name it is the same to the byte.
            image: image
                .or_else(|| images.iter().find(|image| image.digest == pet.digest))
                .cloned(),
        }
    }

    fn origin(&self) -> Option<&ImageOrigin> {
        self.image.as_ref()?.origin.as_ref()
    }

    /// “On 21/11/26, from docker.io/library/debian”.
    fn fetched(&self) -> Option<String> {
        let origin = self.origin()?;
        let then = glib::DateTime::from_iso8601(&origin.fetched, None).ok()?;
        let date = then.to_local().ok()?.format("%x").ok()?;
        Some(gettext_f(
            "On {date}, from {source}",
            &[("date", &date), ("source", &origin.source)],
        ))
    }

    fn age(&self) -> Option<String> {
        let now = glib::DateTime::now_utc().ok()?;
        let age = words::age(self.image.as_ref()?.created.as_deref()?, &now)?;
        Some(gettext_f("Its image is {age}", &[("age", &age)]))
    }

    fn signature(&self) -> Option<String> {
        Some(match &self.origin()?.signature {
            SignatureState::NotRequired => gettext("Not asked for"),
            SignatureState::Verified { keys } => gettext_f(
                "Verified: signed by key {key}",
                &[(
                    "key",
                    &keys
                        .iter()
                        .map(|key| key.get(..16).unwrap_or(key))
                        .collect::<Vec<_>>()
                        .join(", "),
                )],
            ),
        })
    }
}

/// The group of rows.
#[derive(Debug)]
pub struct Origin(Provenance);

#[relm4::component(pub)]
impl SimpleComponent for Origin {
    type Init = Provenance;
    type Input = Provenance;
    type Output = ();

    view! {
        #[root]
        adw::PreferencesGroup {
            set_title: &gettext("What It Was Made From"),
            #[watch]
            set_description: model.0.age().as_deref(),
            adw::ActionRow {
                set_title: &gettext("Image"),
                add_css_class: "property",
                set_use_markup: false,
                set_subtitle_selectable: true,
                #[watch]
                set_subtitle: model.0.pet.image.as_str(),
            },
            adw::ActionRow {
                set_title: &gettext("A Newer Image Is on This Computer"),
                set_subtitle: &gettext("It has the same name. A new pet would be made from it; this one stays as it is."),
                #[watch]
                set_visible: model.0.is_replaced,
            },
            adw::ActionRow {
                set_title: &gettext("Fetched"),
                add_css_class: "property",
                set_use_markup: false,
                set_subtitle_selectable: true,
                #[watch]
                set_visible: model.0.fetched().is_some(),
                #[watch]
                set_subtitle: &model.0.fetched().unwrap_or_default(),
            },
            adw::ActionRow {
                set_title: &gettext("Signature"),
                set_tooltip_text: Some(&gettext("Whether its makers' key vouches for it")),
                add_css_class: "property",
                set_use_markup: false,
                #[watch]
                set_visible: model.0.signature().is_some(),
                #[watch]
                set_subtitle: &model.0.signature().unwrap_or_default(),
            },
            adw::ActionRow {
                set_title: &gettext("Digest"),
                add_css_class: "property",
                set_use_markup: false,
                #[watch]
                set_subtitle: &format!("sha256:{}…", model.0.pet.digest.short()),
                #[watch]
                set_tooltip: &gettext_f(
                    "A checksum that only this image has: {digest}",
                    &[("digest", model.0.pet.digest.as_str())],
                ),
                add_suffix = &gtk::Button {
                    set_icon_name: "edit-copy-symbolic",
                    set_valign: gtk::Align::Center,
                    add_css_class: "flat",
                    set_tooltip_text: Some(&gettext("Copy the Whole Digest")),
                    update_property: &[gtk::accessible::Property::Label(&gettext("Copy the Whole Digest"))],
                    connect_clicked[digest = model.0.pet.digest.clone()] => move |button| {
                        button.clipboard().set_text(digest.as_str());
                    },
                },
            },
        }
    }

    fn init(
        provenance: Provenance,
        root: Self::Root,
        _sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self(provenance);
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, provenance: Provenance, _sender: ComponentSender<Self>) {
        self.0 = provenance;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(reference: &str, digit: &str) -> ImageSummary {
        ImageSummary {
            reference: reference.parse().unwrap(),
            digest: format!("sha256:{}", digit.repeat(64)).parse().unwrap(),
            size: 1,
            layers: 1,
            created: None,
            system: None,
            origin: Some(ImageOrigin {
                source: "q.io/a".to_owned(),
                tag_digest: None,
                fetched: "2026-01-02T03:04:05Z".to_owned(),
                signature: SignatureState::default(),
            }),
            disk: None,
        }
    }

    fn pet() -> PetSummary {
        let image = image("q.io/a:1", "1");
        PetSummary {
            id: "00000000000000aa".parse().unwrap(),
            name: "a".parse().unwrap(),
            state: kennel_model::PetState::Stopped,
            image: image.reference,
            digest: image.digest,
            preset: kennel_model::Preset::default(),
            project: None,
            created: String::new(),
            problem: None,
        }
    }

    #[test]
    fn an_image_is_newer_when_it_took_the_name() {
        let same = Provenance::of(&pet(), &[image("q.io/b:1", "2"), image("q.io/a:1", "1")]);
        assert!(!same.is_replaced);
        assert!(same.fetched().unwrap().ends_with("from q.io/a"));
        let moved = Provenance::of(&pet(), &[image("q.io/a:1", "2")]);
        assert!(moved.is_replaced);
        assert_eq!((moved.fetched(), moved.signature()), (None, None));
        let gone = Provenance::of(&pet(), &[]);
        assert!(!gone.is_replaced);
    }
}
