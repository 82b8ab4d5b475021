//! The desktop apps of a pet, each with a switch for the person's own app grid. They are looked
//! for when the page is shown.

mod picture;

use gettextrs::gettext;
use kennel_model::{PetApp, PetId, UserError, shown};
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::{self, Engine};
use crate::error;

use picture::of_app;

/// The page.
#[derive(Debug)]
pub struct Apps {
    engine: Option<Engine>,
    pet: PetId,
    /// What was found last.
    found: Option<Result<Vec<Listed>, UserError>>,
    /// An answer is awaited: one question at a time.
    asking: bool,
    rows: Vec<Row>,
}

/// What the page is told.
#[derive(Debug)]
pub enum AppsInput {
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// The page is on the screen: look for them.
    Shown,
    /// Put the app of this id among the person's, or take it back.
    Export(String, bool),
}

/// An app and what its icon looks like, if that can be shown.
#[derive(Debug)]
pub struct Listed {
    app: PetApp,
    picture: Option<gdk::Texture>,
}

/// What the engine answered.
#[derive(Debug)]
pub enum AppsAnswer {
    /// The apps there are.
    Found(Result<Vec<Listed>, UserError>),
    /// The apps after one was put among the person's or taken back.
    Exported(Result<Vec<Listed>, UserError>),
}

#[relm4::component(pub)]
impl Component for Apps {
    type Init = (Engine, PetId);
    type Input = AppsInput;
    type Output = UserError;
    type CommandOutput = AppsAnswer;

    view! {
        #[root]
        gtk::Stack {
            connect_map => AppsInput::Shown,
            add_named[Some("loading")] = &gtk::Box {
                set_orientation: gtk::Orientation::Vertical,
                set_halign: gtk::Align::Center,
                set_valign: gtk::Align::Center,
                set_spacing: 12,
                adw::Spinner {
                    set_size_request: (32, 32),
                },
                gtk::Label {
                    add_css_class: "dim-label",
                    set_label: &gettext("Looking for apps"),
                },
            },
            add_named[Some("none")] = &adw::StatusPage {
                set_icon_name: Some("application-x-executable-symbolic"),
                set_title: &gettext("No Apps"),
                set_description: Some(&gettext(
                    "Install a graphical app in this pet’s terminal. It is then listed here and can be added to your app grid.",
                )),
            },
            add_named[Some("problem")] = &adw::StatusPage {
                set_icon_name: Some("dialog-warning-symbolic"),
                set_title: &gettext("The Apps Could Not Be Listed"),
                #[watch]
                set_description: Some(&glib::markup_escape_text(&model.problem())),
                gtk::Button {
                    set_label: &gettext("Try Again"),
                    set_halign: gtk::Align::Center,
                    add_css_class: "pill",
                    #[watch]
                    set_sensitive: model.engine.is_some(),
                    connect_clicked => AppsInput::Shown,
                },
            },
            add_named[Some("apps")] = &adw::PreferencesPage {
                #[name(group)]
                adw::PreferencesGroup {
                    set_title: &gettext("In Your App Grid"),
                    set_description: Some(&gettext(
                        "What is switched on is among your own apps. Opening it there starts the pet.",
                    )),
                },
            },
            #[watch]
            set_visible_child_name: model.page(),
        }
    }

    fn init(
        (engine, pet): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine: Some(engine),
            pet,
            found: None,
            asking: false,
            rows: Vec::new(),
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: AppsInput, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            AppsInput::Engine(engine) => self.engine = engine,
            AppsInput::Shown => self.find(&sender),
            AppsInput::Export(app, exported) => self.export(app, exported, &sender),
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        answer: AppsAnswer,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        self.asking = false;
        match answer {
            AppsAnswer::Found(found) => self.found = Some(found),
            AppsAnswer::Exported(Ok(apps)) => self.found = Some(Ok(apps)),
            // The switch goes back.
            AppsAnswer::Exported(Err(problem)) => {
                let _ = sender.output(problem);
            }
        }
        self.list(&widgets.group, &sender);
        self.update_view(widgets, sender);
    }
}

impl Apps {
    fn find(&mut self, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone().filter(|_| !self.asking) else {
            return;
        };
        self.asking = true;
        let pet = self.pet.clone();
        sender.oneshot_command(async move {
            AppsAnswer::Found(with_pictures(engine.apps(&pet).await).await)
        });
    }

    fn export(&mut self, app: String, exported: bool, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else {
            // The switch goes back.
            self.show();
            let _ = sender.output(engine::gone());
            return;
        };
        self.asking = true;
        self.rows
            .iter()
            .for_each(|row| row.switch.set_sensitive(false));
        let pet = self.pet.clone();
        sender.oneshot_command(async move {
            AppsAnswer::Exported(with_pictures(engine.export(&pet, &app, exported).await).await)
        });
    }

    /// Sets the rows after what was found. Those of the same apps stay, and with them the focus.
    fn list(&mut self, group: &adw::PreferencesGroup, sender: &ComponentSender<Self>) {
        let Some(Ok(apps)) = &self.found else {
            return;
        };
        let same = self.rows.iter().map(|row| &row.app);
        if !same.eq(apps.iter().map(|listed| &listed.app.id)) {
            for row in self.rows.drain(..) {
                group.remove(&row.switch);
            }
            let rows = apps.iter().map(|listed| Row::new(&listed.app, sender));
            self.rows = rows.collect();
            self.rows.iter().for_each(|row| group.add(&row.switch));
        }
        self.show();
    }

    /// Sets the switches.
    fn show(&self) {
        let apps = self.found.iter().flatten().flatten();
        for (row, app) in self.rows.iter().zip(apps) {
            row.show(app);
        }
    }

    fn page(&self) -> &'static str {
        match &self.found {
            None => "loading",
            Some(Ok(apps)) if apps.is_empty() => "none",
            Some(Ok(_)) => "apps",
            Some(Err(_)) => "problem",
        }
    }

    fn problem(&self) -> String {
        match &self.found {
            Some(Err(problem)) => error::both(problem),
            _ => String::new(),
        }
    }
}

/// Reads the icons, apart from the thread that draws.
async fn with_pictures(apps: Result<Vec<PetApp>, UserError>) -> Result<Vec<Listed>, UserError> {
    let apps = apps?;
    let read = relm4::spawn_blocking(move || {
        let listed = apps.into_iter().map(|app| Listed {
            picture: app.picture.as_deref().and_then(of_app),
            app,
        });
        listed.collect()
    });
    Ok(read.await.unwrap_or_default())
}

/// An app's row.
#[derive(Debug)]
struct Row {
    app: String,
    icon: gtk::Image,
    switch: adw::SwitchRow,
    pressed: glib::SignalHandlerId,
}

impl Row {
    fn new(app: &PetApp, sender: &ComponentSender<Apps>) -> Self {
        let switch = adw::SwitchRow::builder().use_markup(false).build();
        // The row says the name already.
        let icon = gtk::Image::builder()
            .pixel_size(picture::SIZE)
            .css_classes(["icon-dropshadow"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        switch.add_prefix(&icon);
        let (id, sender) = (app.id.clone(), sender.clone());
        let pressed = switch.connect_active_notify(move |row| {
            sender.input(AppsInput::Export(id.clone(), row.is_active()));
        });
        Self {
            app: app.id.clone(),
            icon,
            switch,
            pressed,
        }
    }

    fn show(&self, Listed { app, picture }: &Listed) {
        match picture {
            Some(picture) => self.icon.set_paintable(Some(picture)),
            None => self.icon.set_icon_name(Some(&self.icon_name(app))),
        }
        self.switch.set_title(&shown(&app.name));
        if app.terminal {
            self.switch.set_subtitle(&gettext("Runs in a terminal"));
        }
        self.switch.block_signal(&self.pressed);
        self.switch.set_active(app.exported);
        self.switch.unblock_signal(&self.pressed);
        self.switch.set_sensitive(true);
    }

    /// The icon of an app without a picture: one that our own theme has, else that of any program.
    fn icon_name(&self, app: &PetApp) -> String {
        let theme = gtk::IconTheme::for_display(&self.icon.display());
        let own = app.icon.clone().filter(|name| theme.has_icon(name));
        own.unwrap_or_else(|| "application-x-executable".to_owned())
    }
}
