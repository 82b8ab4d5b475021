//! What the engine says about the chosen image, in words, and the question before an image of a
//! source that is not trusted is fetched. Whether it may be fetched is the engine's decision.

use gettextrs::gettext;
use kennel_model::{ImageRef, Preset, UserError, Verdict};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::error;
use crate::words::gettext_f;

/// The engine's answer about an image.
pub type Judgement = Result<Verdict, UserError>;

/// The line under the chosen image.
pub fn line(reference: &ImageRef, judgement: &Judgement) -> String {
    let from = |text: String| text.replace("{registry}", reference.registry());
    match judgement {
        Ok(Verdict::Present) => gettext("On this computer: nothing is downloaded."),
        Ok(Verdict::Trusted) => from(gettext("From {registry} · trusted")),
        Ok(Verdict::Signed) => from(gettext(
            "From {registry} · used only if its signature is valid",
        )),
        Ok(Verdict::Ask) => from(gettext(
            "From {registry} · not on your trusted list. You are asked before it is downloaded. To stop being asked, add it in Preferences, under Trusted Sources.",
        )),
        Ok(Verdict::Refused { error }) | Err(error) => error::both(error),
    }
}

/// Whether a pet can be made from it, perhaps after a question.
pub fn allows(judgement: &Judgement) -> bool {
    !matches!(judgement, Ok(Verdict::Refused { .. }) | Err(_))
}

/// Asks whether to trust the image this once.
pub fn ask(
    reference: &ImageRef,
    preset: Preset,
    root: &impl IsA<gtk::Widget>,
    agreed: impl Fn() + 'static,
) {
    let source = gettext_f(
        "{image} comes from {registry}, which is not on your trusted list. Whoever made it decides what runs in this pet.",
        &[
            ("image", reference.short()),
            ("registry", reference.registry()),
        ],
    );
    let body = format!(
        "{source} {}\n\n{}",
        consequence(preset),
        gettext("Continue only if you know who makes it.")
    );
    let dialog = adw::AlertDialog::new(Some(&gettext("Trust This Image Once?")), Some(&body));
    dialog.add_responses(&[
        ("cancel", &gettext("_Cancel")),
        ("trust", &gettext("_Trust Once")),
    ]);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    dialog.connect_response(Some("trust"), move |_, _| agreed());
    dialog.present(Some(root));
}

/// What a bad image could do.
fn consequence(preset: Preset) -> String {
    match preset {
        Preset::Comfortable => gettext(
            "It may reach your home and run host commands: a bad image could read and change all your files.",
        ),
        Preset::Project => gettext(
            "It may reach the project folder and the network: a bad image could change your project or send it away.",
        ),
        Preset::Sealed => gettext(
            "It reaches nothing of yours: a bad image could only waste time and disk space.",
        ),
    }
}
