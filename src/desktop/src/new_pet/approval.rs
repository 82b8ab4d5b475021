//! The page where the person agrees to what a project file asks for, before anything is made.

use gettextrs::gettext;
use kennel_model::{
    CatalogEntry, Conflict, CreateRequest, ImageRef, ImageSource, PetSpec, ProjectProposal,
    Verdict, resolve, shown,
};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use super::asked::{self, Section};
use super::reference;
use super::trust::{self, Judgement};
use crate::engine::Engine;
use crate::phrase;
use crate::problem;
use crate::words::gettext_f;

/// The page.
#[derive(Debug)]
pub struct Approval {
    engine: Engine,
    catalog: Vec<CatalogEntry>,
    proposal: Option<Box<ProjectProposal>>,
    /// What the pet would be.
    spec: Option<Result<PetSpec, Conflict>>,
    image: Image,
    groups: Vec<adw::PreferencesGroup>,
}

/// What is known about the image that the file asks for.
#[derive(Debug)]
enum Image {
    /// The engine is being asked about it.
    Asked(ImageRef),
    /// It is one of a registry.
    Judged(ImageRef, Judgement),
    /// It is in a file.
    Local,
    /// It is none, for this reason.
    Wrong(String),
}

/// What the page is told.
#[derive(Debug)]
pub enum ApprovalInput {
    /// The catalog, for its short names.
    Catalog(Vec<CatalogEntry>),
    /// Show this, which has the name that the person gave.
    Show(Box<ProjectProposal>),
    /// The person agrees.
    Create,
    /// Also to its image, which is from a source that is not trusted.
    Trust,
}

#[relm4::component(pub)]
impl Component for Approval {
    type Init = Engine;
    type Input = ApprovalInput;
    type Output = Box<CreateRequest>;
    type CommandOutput = (ImageRef, Judgement);

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Review"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    set_show_end_title_buttons: false,
                    pack_end = &gtk::Button {
                        set_label: &gettext("C_reate"),
                        set_use_underline: true,
                        add_css_class: "suggested-action",
                        #[watch]
                        set_sensitive: model.may_be_made(),
                        connect_clicked => ApprovalInput::Create,
                    },
                },
                #[wrap(Some)]
                #[name(page)]
                set_content = &adw::PreferencesPage {
                    adw::PreferencesGroup {
                        #[watch]
                        set_title: &gtk::glib::markup_escape_text(&model.title()),
                        set_description: Some(&gettext(
                            "Whoever wrote the project asks for all of this. Nothing is made or run until you press Create.",
                        )),
                        adw::ActionRow {
                            set_use_markup: false,
                            set_title_selectable: true,
                            #[watch]
                            set_title: &model.image_name(),
                            #[watch]
                            set_subtitle: &model.image_line(),
                        },
                        adw::ActionRow {
                            set_use_markup: false,
                            #[watch]
                            set_visible: model.conflict().is_some(),
                            #[watch]
                            set_title: &model.conflict().unwrap_or_default(),
                            set_subtitle: &gettext("The project file asks for something impossible. Fix it, then choose the folder again."),
                            add_prefix: &problem::sign(),
                        },
                    },
                },
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine,
            catalog: Vec::new(),
            proposal: None,
            spec: None,
            image: Image::Local,
            groups: Vec::new(),
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: ApprovalInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match message {
            ApprovalInput::Catalog(catalog) => {
                self.catalog = catalog;
                self.judge(&sender);
            }
            ApprovalInput::Show(proposal) => {
                let request = proposal.clone().request(false);
                let name = proposal.name.clone();
                self.spec = name.map(|name| PetSpec::preview(request, name));
                self.proposal = Some(proposal);
                self.judge(&sender);
                self.list(&widgets.page);
            }
            ApprovalInput::Create => match (&self.image, &self.spec) {
                (Image::Judged(image, Ok(Verdict::Ask)), Some(Ok(spec))) => {
                    let sender = sender.clone();
                    let agreed = move || sender.input(ApprovalInput::Trust);
                    trust::ask(image, asked::reach_of(spec), root, agreed);
                }
                _ => self.create(false, &sender),
            },
            ApprovalInput::Trust => self.create(true, &sender),
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd(
        &mut self,
        (image, judgement): Self::CommandOutput,
        _: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        // Another project may have been chosen meanwhile.
        if matches!(&self.image, Image::Asked(asked) if *asked == image) {
            self.image = Image::Judged(image, judgement);
        }
    }
}

impl Approval {
    /// Asks the engine about the image.
    fn judge(&mut self, sender: &ComponentSender<Self>) {
        let Some(proposal) = &self.proposal else {
            return;
        };
        self.image = match resolve(&self.catalog, &proposal.image) {
            Ok(ImageSource::Reference(image)) => {
                let (engine, asked) = (self.engine.clone(), image.clone());
                sender.oneshot_command(async move {
                    let judgement = engine.judge(&asked).await;
                    (asked, judgement)
                });
                Image::Asked(image)
            }
            Ok(_) => Image::Local,
            Err(_) => Image::Wrong(
                reference::read(&proposal.image, &self.catalog)
                    .err()
                    .unwrap_or_default(),
            ),
        };
    }

    /// Lists everything beside the image.
    fn list(&mut self, page: &adw::PreferencesPage) {
        for group in self.groups.drain(..) {
            page.remove(&group);
        }
        let (Some(proposal), Some(Ok(spec))) = (&self.proposal, &self.spec) else {
            return;
        };
        self.groups.push(reach_group(spec));
        let limits = proposal.choices.limits;
        let sections = asked::sections(spec, limits, &proposal.all_notes());
        self.groups.extend(sections.iter().map(group));
        for group in &self.groups {
            page.add(group);
        }
    }

    fn create(&self, trust: bool, sender: &ComponentSender<Self>) {
        if let Some(proposal) = self.proposal.clone().filter(|_| self.may_be_made()) {
            let _ = sender.output(Box::new(proposal.request(trust)));
        }
    }

    fn may_be_made(&self) -> bool {
        let image = match &self.image {
            Image::Judged(_, judgement) => trust::allows(judgement),
            Image::Local => true,
            Image::Asked(_) | Image::Wrong(_) => false,
        };
        image && matches!(self.spec, Some(Ok(_)))
    }

    fn title(&self) -> String {
        let name = self.proposal.as_ref().and_then(|pet| pet.name.as_ref());
        let name = name.map(ToString::to_string).unwrap_or_default();
        gettext_f("{name}, as the Project Asks", &[("name", &name)])
    }

    fn image_name(&self) -> String {
        match &self.image {
            Image::Asked(image) | Image::Judged(image, _) => image.to_string(),
            Image::Local | Image::Wrong(_) => {
                let image = self.proposal.as_ref().map(|pet| shown(&pet.image));
                image.unwrap_or_default()
            }
        }
    }

    fn image_line(&self) -> String {
        match &self.image {
            Image::Asked(_) => gettext("Checking where it is from…"),
            Image::Judged(image, judgement) => trust::line(image, judgement),
            Image::Local => gettext("From a file on this computer"),
            Image::Wrong(reason) => reason.clone(),
        }
    }

    fn conflict(&self) -> Option<String> {
        let conflict = self.spec.as_ref()?.as_ref().err()?;
        Some(phrase::sentence(&conflict.phrase()))
    }
}

fn reach_group(spec: &PetSpec) -> adw::PreferencesGroup {
    let ((title, meaning), things) = asked::preset(spec);
    let expander = adw::ExpanderRow::builder()
        .use_markup(false)
        .title(title)
        .subtitle(meaning)
        .enable_expansion(!things.is_empty())
        .build();
    for (title, meaning) in &things {
        expander.add_row(&row(title, meaning));
    }
    let group = adw::PreferencesGroup::builder()
        .title(gettext("What It Can Reach"))
        .build();
    group.add(&expander);
    for (title, text) in asked::reach(spec) {
        group.add(&row(&title, &text));
    }
    group
}

fn group(section: &Section) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder()
        .title(&section.title)
        .build();
    for (title, text) in &section.rows {
        let row = row(title, text);
        if section.code {
            row.set_css_classes(&["property", "monospace"]);
        }
        group.add(&row);
    }
    group
}

fn row(title: &str, text: &str) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .subtitle_selectable(true)
        .build();
    // Only now: what is set while it is built is read as markup first.
    row.set_title(title);
    row.set_subtitle(text);
    row
}
