//! The search of the desktop's overview: pets are found beside apps and files. It is answered by
//! this process without a window, which the desktop starts for it and which ends soon after.

mod call;
mod results;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use kennel_model::PetSummary;
use relm4::gtk::gio::prelude::*;
use relm4::gtk::{gio, glib};

use crate::app::AppInput;
use crate::config;
use crate::engine::Engine;
use crate::launch::Launcher;
use call::Call;

/// How long engine and process stay after an answer: a person types the next letter meanwhile.
const LINGER: Duration = Duration::from_secs(5);

/// Answers the desktop's search from now on; without a session bus nobody asks.
pub fn offer(launcher: &Rc<Launcher>) {
    let Ok(bus) = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE) else {
        return;
    };
    let Some(interface) = call::interface() else {
        return;
    };
    let provider = Rc::new(Provider {
        launcher: launcher.clone(),
        pets: RefCell::default(),
    });
    let path = format!("/{}/SearchProvider", config::APP_ID.replace('.', "/"));
    // A path that is taken is no reason not to show the window.
    let _ = bus
        .register_object(&path, &interface)
        .typed_method_call::<Call>()
        .invoke_and_return_future_local(move |_, _, call| {
            let provider = provider.clone();
            async move { Ok(provider.answer(call).await) }
        })
        .build();
}

struct Provider {
    launcher: Rc<Launcher>,
    /// The pets as they were when the search began.
    pets: RefCell<Vec<PetSummary>>,
}

impl Provider {
    async fn answer(&self, call: Call) -> Option<glib::Variant> {
        let hold = self.launcher.application().hold();
        let (answer, engine) = match call {
            Call::Find(terms) => {
                let engine = self.look().await;
                (Some(self.find(&terms).to_variant()), engine)
            }
            Call::Narrow(terms) => (Some(self.find(&terms).to_variant()), None),
            Call::Describe(ids) => {
                // What found them may have been a process that has ended.
                let known = self.describe(&ids);
                let engine = if known.len() < ids.len() {
                    self.look().await
                } else {
                    None
                };
                (Some(self.describe(&ids).to_variant()), engine)
            }
            Call::Show(id) => {
                if let Ok(id) = id.parse() {
                    self.launcher.show(AppInput::ShowPet(id));
                }
                (None, None)
            }
            Call::ShowAll(terms) => {
                self.launcher.show(AppInput::SearchFor(terms.join(" ")));
                (None, None)
            }
        };
        glib::timeout_add_local_once(LINGER, move || drop((hold, engine)));
        answer
    }

    /// Reads the pets; the engine that told them. One that cannot tell has none.
    async fn look(&self) -> Option<Engine> {
        let reading = relm4::spawn(async {
            let engine = Engine::connect().await.ok()?;
            let pets = engine.pets().await;
            if pets.is_err() {
                // Perhaps it has just ended: the next search begins with another.
                engine.forget().await;
            }
            Some((engine, pets.unwrap_or_default()))
        });
        let (engine, pets) = reading.await.ok().flatten()?;
        self.pets.replace(pets);
        Some(engine)
    }

    fn find(&self, terms: &[String]) -> Vec<String> {
        results::find(terms, &self.pets.borrow())
    }

    fn describe(&self, ids: &[String]) -> Vec<glib::VariantDict> {
        let pets = self.pets.borrow();
        let known = |id: &String| pets.iter().find(|pet| pet.id.as_str() == id);
        ids.iter()
            .filter_map(known)
            .map(results::describe)
            .collect()
    }
}
