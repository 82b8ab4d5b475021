//! Where the pet's image came from: which one exactly, when, how old it is, and who signed it.

use gettextrs::gettext;
use kennel_model::{
    Digest, Freshness, ImageOrigin, ImageSummary, PetSummary, SignatureState, UserError,
};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _, adw, gtk};

use crate::engine::Engine;
use crate::error;
use crate::words::{self, gettext_f};

/// The pet's image, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pet: PetSummary,
    /// The image that it was made from, while it is on this computer.
    image: Option<ImageSummary>,
    /// Another image has its name now.
    is_replaced: bool,
    /// The digest that the name's tag had when the image of that name was fetched, if it was and
    /// the tag can move.
    tag_digest: Option<Digest>,
}

impl Provenance {
    /// That of `pet`, among the images of this computer.
    pub fn of(pet: &PetSummary, images: &[ImageSummary]) -> Self {
        let named = images.iter().find(|image| image.reference == pet.image);
        let image = named.filter(|image| image.digest == pet.digest);
        Self {
            pet: pet.clone(),
            tag_digest: named
                .filter(|_| pet.image.digest().is_none())
                .and_then(|image| image.origin.as_ref()?.tag_digest.clone()),
            is_replaced: named.is_some() && image.is_none(),
            // Under another name it is the same to the byte.
            image: image
                .or_else(|| images.iter().find(|image| image.digest == pet.digest))
                .cloned(),
        }
    }

    /// Whether `other` says the same of the images, whatever became of the pet.
    fn is_same_image(&self, other: &Self) -> bool {
        (&self.tag_digest, &self.pet.image) == (&other.tag_digest, &other.pet.image)
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
            SignatureState::NotRequired => gettext("Not required"),
            SignatureState::Verified { keys } => {
                let keys: Vec<&str> = keys
                    .iter()
                    .map(|key| key.get(..16).unwrap_or(key))
                    .collect();
                gettext_f(
                    "Verified: signed by key {key}",
                    &[("key", &words::list(&keys))],
                )
            }
        })
    }
}

/// What is known of a newer image at the registry.
#[derive(Debug, PartialEq, Eq)]
enum Check {
    /// Nobody wanted to know: the registry hears nothing from a page that is only looked at.
    NotAsked,
    Asking,
    Answered(Result<Freshness, UserError>),
}

/// The group of rows.
#[derive(Debug)]
pub struct Origin {
    engine: Option<Engine>,
    provenance: Provenance,
    check: Check,
}

/// What the group is told.
#[derive(Debug)]
pub enum OriginInput {
    /// Where the image came from, as it is known now.
    Provenance(Box<Provenance>),
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// Ask the registry for a newer image.
    Check,
}

impl Origin {
    fn ask(&mut self, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else {
            return;
        };
        self.check = Check::Asking;
        let about = self.provenance.clone();
        sender.oneshot_command(async move {
            let answer = engine.check(&about.pet.image).await;
            (about, answer)
        });
    }

    /// What the registry said, in words.
    fn answer(&self) -> String {
        let image = &self.provenance.pet.image;
        match &self.check {
            Check::NotAsked => gettext_f("Asks {registry}", &[("registry", image.registry())]),
            Check::Asking => gettext_f("Asking {registry}…", &[("registry", image.registry())]),
            Check::Answered(Ok(Freshness::UpToDate)) => {
                gettext("The image on this computer is the newest.")
            }
            Check::Answered(Ok(Freshness::Newer { .. })) => gettext_f(
                "There is a newer image. Fetch it with “kennel image pull {image}”. This pet stays as it is.",
                &[("image", image.as_str())],
            ),
            Check::Answered(Ok(Freshness::Unknown { error }) | Err(error)) => error::both(error),
        }
    }
}

#[relm4::component(pub)]
impl Component for Origin {
    type Init = (Engine, Provenance);
    type Input = OriginInput;
    type Output = ();
    type CommandOutput = (Provenance, Result<Freshness, UserError>);

    view! {
        #[root]
        adw::PreferencesGroup {
            set_title: &gettext("What It Was Made From"),
            #[watch]
            set_description: model.provenance.age().as_deref(),
            adw::ActionRow {
                set_title: &gettext("Image"),
                add_css_class: "property",
                set_use_markup: false,
                set_subtitle_selectable: true,
                #[watch]
                set_subtitle: model.provenance.pet.image.as_str(),
            },
            adw::ActionRow {
                set_title: &gettext("A Newer Image Is on This Computer"),
                set_subtitle: &gettext("It has the same name. A new pet would be made from it; this one stays as it is."),
                #[watch]
                set_visible: model.provenance.is_replaced,
            },
            adw::ActionRow {
                set_title: &gettext("Check for a Newer Image"),
                set_use_markup: false,
                set_subtitle_selectable: true,
                #[watch]
                set_visible: model.provenance.tag_digest.is_some(),
                #[watch]
                set_subtitle: &model.answer(),
                add_suffix = &gtk::Button {
                    set_icon_name: "view-refresh-symbolic",
                    set_valign: gtk::Align::Center,
                    add_css_class: "flat",
                    set_tooltip_text: Some(&gettext("Check for a Newer Image")),
                    update_property: &[gtk::accessible::Property::Label(&gettext("Check for a Newer Image"))],
                    #[watch]
                    set_sensitive: model.engine.is_some() && model.check != Check::Asking,
                    connect_clicked => OriginInput::Check,
                },
            },
            adw::ActionRow {
                set_title: &gettext("Fetched"),
                add_css_class: "property",
                set_use_markup: false,
                set_subtitle_selectable: true,
                #[watch]
                set_visible: model.provenance.fetched().is_some(),
                #[watch]
                set_subtitle: &model.provenance.fetched().unwrap_or_default(),
            },
            adw::ActionRow {
                set_title: &gettext("Signature"),
                set_tooltip_text: Some(&gettext("Whether its makers’ key vouches for it")),
                add_css_class: "property",
                set_use_markup: false,
                #[watch]
                set_visible: model.provenance.signature().is_some(),
                #[watch]
                set_subtitle: &model.provenance.signature().unwrap_or_default(),
            },
            adw::ActionRow {
                set_title: &gettext("Digest"),
                add_css_class: "property",
                set_use_markup: false,
                #[watch]
                set_subtitle: &format!("sha256:{}…", model.provenance.pet.digest.short()),
                #[watch]
                set_tooltip: &gettext_f(
                    "A checksum that only this image has: {digest}",
                    &[("digest", model.provenance.pet.digest.as_str())],
                ),
                add_suffix = &gtk::Button {
                    set_icon_name: "edit-copy-symbolic",
                    set_valign: gtk::Align::Center,
                    add_css_class: "flat",
                    set_tooltip_text: Some(&gettext("Copy Full Digest")),
                    update_property: &[gtk::accessible::Property::Label(&gettext("Copy Full Digest"))],
                    connect_clicked[digest = model.provenance.pet.digest.clone()] => move |button| {
                        button.clipboard().set_text(digest.as_str());
                    },
                },
            },
        }
    }

    fn init(
        (engine, provenance): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine: Some(engine),
            provenance,
            check: Check::NotAsked,
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: OriginInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            OriginInput::Provenance(provenance) => {
                // Another image of the name was fetched: the answer was about the one before.
                if !self.provenance.is_same_image(&provenance) {
                    self.check = Check::NotAsked;
                }
                self.provenance = *provenance;
            }
            OriginInput::Engine(engine) => self.engine = engine,
            OriginInput::Check => self.ask(&sender),
        }
    }

    fn update_cmd(
        &mut self,
        (about, answer): Self::CommandOutput,
        _sender: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        if self.provenance.is_same_image(&about) {
            self.check = Check::Answered(answer);
        }
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
            error: None,
            restart_needed: false,
            setup_failed: None,
            alerts: Vec::new(),
            questions: Vec::new(),
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
