//! The Images dialog: what is on this computer, how much of the disk it takes, and removing it.

use gettextrs::gettext;
use kennel_model::{ImageRef, ImageSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib::format_size;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::problem;
use crate::remove_button::remove_button;
use crate::words::gettext_f;
use crate::wrapping_button;

/// The dialog.
#[derive(Debug)]
pub struct Images {
    images: Result<Vec<ImageSummary>, UserError>,
    problem: problem::Page,
    rows: Vec<adw::ActionRow>,
    list: adw::PreferencesGroup,
    unused: gtk::Button,
    toasts: adw::ToastOverlay,
}

/// What the dialog is told.
#[derive(Debug)]
pub enum ImagesInput {
    /// The images as they are now, or why they cannot be listed.
    Images(Result<Vec<ImageSummary>, UserError>),
    /// Say this for a moment.
    Say(String),
    /// Show this, by which the last removal can be undone.
    Toast(adw::Toast),
}

/// What the person wants.
#[derive(Debug)]
pub enum ImagesOutput {
    /// This image removed.
    Remove(ImageRef),
    /// What is not needed removed.
    RemoveUnused,
    /// The images listed again.
    List,
    /// No more of this: the dialog was closed.
    Closed,
}

#[relm4::component(pub)]
impl SimpleComponent for Images {
    type Init = Result<Vec<ImageSummary>, UserError>;
    type Input = ImagesInput;
    type Output = ImagesOutput;

    view! {
        #[root]
        adw::Dialog {
            set_title: &gettext("Images"),
            set_content_width: 500,
            set_content_height: 560,
            connect_closed[sender] => move |_| {
                let _ = sender.output(ImagesOutput::Closed);
            },
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {},
                #[local_ref]
                toasts -> adw::ToastOverlay {
                    #[wrap(Some)]
                    set_child = &gtk::Stack {
                        #[local_ref]
                        add_named[Some("problem")] = problem -> adw::StatusPage {},
                        #[name(page)]
                        add_named[Some("images")] = &adw::PreferencesPage {
                            #[local_ref]
                            list -> adw::PreferencesGroup {
                                set_title: &gettext("On This Computer"),
                                #[watch]
                                set_description: Some(&model.about()),
                            },
                            adw::PreferencesGroup {
                                adw::ActionRow {
                                    set_title: &gettext("Unused Data"),
                                    set_subtitle: &gettext("Unfinished downloads, and parts that no image or pet needs"),
                                    #[local_ref]
                                    add_suffix = unused -> gtk::Button {
                                        set_label: &gettext("Remove Unused"),
                                        set_valign: gtk::Align::Center,
                                        connect_clicked[sender] => move |_| {
                                            let _ = sender.output(ImagesOutput::RemoveUnused);
                                        },
                                    },
                                },
                            },
                        },
                        #[watch]
                        set_visible_child_name: if model.images.is_ok() { "images" } else { "problem" },
                    },
                },
            },
        }
    }

    fn init(
        images: Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let again = sender.output_sender().clone();
        let again = move || again.emit(ImagesOutput::List);
        let mut model = Self {
            images: Ok(Vec::new()),
            problem: problem::Page::new(&gettext("The Images Cannot Be Shown"), again),
            rows: Vec::new(),
            list: adw::PreferencesGroup::new(),
            unused: wrapping_button::new(),
            toasts: adw::ToastOverlay::new(),
        };
        let (list, toasts) = (&model.list.clone(), &model.toasts.clone());
        let problem = &model.problem.page.clone();
        let unused = &model.unused.clone();
        model.fill(images, &sender);
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: ImagesInput, sender: ComponentSender<Self>) {
        match message {
            ImagesInput::Images(images) if images == self.images => {}
            ImagesInput::Images(images) => {
                let has_focus =
                    |row: &adw::ActionRow| row.is_focus() || row.focus_child().is_some();
                let focused = self.rows.iter().position(has_focus);
                self.fill(images, &sender);
                if let Some(row) = focused {
                    self.focus(row);
                }
            }
            ImagesInput::Say(text) => self.toasts.add_toast(adw::Toast::new(&text)),
            ImagesInput::Toast(toast) => self.toasts.add_toast(toast),
        }
    }
}

impl Images {
    fn fill(
        &mut self,
        images: Result<Vec<ImageSummary>, UserError>,
        sender: &ComponentSender<Self>,
    ) {
        if let Err(problem) = &images {
            self.problem.say(problem);
        }
        for row in self.rows.drain(..) {
            self.list.remove(&row);
        }
        let all = images.iter().flatten();
        self.rows = all.map(|image| row(image, sender)).collect();
        for row in &self.rows {
            self.list.add(row);
        }
        self.images = images;
    }

    /// Gives the keyboard to the row that took the place of the one that had it.
    fn focus(&self, row: usize) {
        match self.rows.get(row).or(self.rows.last()) {
            Some(row) => row.child_focus(gtk::DirectionType::TabForward),
            None => self.unused.grab_focus(),
        };
    }

    fn about(&self) -> String {
        if self.images.as_ref().is_ok_and(Vec::is_empty) {
            gettext("None yet. A new pet brings the image that it is made from.")
        } else {
            gettext("Removing an image does not affect the pets that were made from it.")
        }
    }
}

/// How much of the disk it takes, and how much of that it would give back.
fn size(image: &ImageSummary) -> String {
    match image.disk {
        Some(disk) => gettext_f(
            "{size}, of which {own} is its own",
            &[
                ("size", &format_size(disk.total())),
                ("own", &format_size(disk.own)),
            ],
        ),
        // Without a measurement only the compressed parts are known.
        None => gettext_f("{size}, compressed", &[("size", &format_size(image.size))]),
    }
}

fn name(image: &ImageSummary) -> &str {
    image
        .system
        .as_deref()
        .unwrap_or_else(|| image.reference.short())
}

fn row(image: &ImageSummary, sender: &ComponentSender<Images>) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(name(image))
        .subtitle(format!("{}\n{}", image.reference, size(image)))
        .build();
    let label = gettext_f("Remove {image}", &[("image", image.reference.as_str())]);
    let (sender, image) = (sender.clone(), image.reference.clone());
    let remove = move || {
        let _ = sender.output(ImagesOutput::Remove(image.clone()));
    };
    row.add_suffix(&remove_button(&label, remove));
    row
}
