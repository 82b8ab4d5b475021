//! Lines that fall silent, log-ins that lead nowhere and certificates that nobody vouches for.

use kennel_engine::registry::{Endpoint, PullRequest, RegistryError, pull};

use super::common::{Lab, Quiet};
use super::server::{Answer, End, Server};
use super::tls::self_signed;
use super::{Image, fetch, reference, refused, request};

#[test]
fn a_silent_line_is_given_up_and_resumed() {
    let image = Image::new(|_| {});
    let size = image.layer.len();
    let copy = image.clone();
    let server = Server::new(move |asked| {
        let silent = copy.is_layer(asked) && asked.from == 0;
        let end = if silent {
            End::Silence(size / 2)
        } else {
            End::Well
        };
        copy.answer(asked).ending(end)
    });
    let lab = Lab::new();
    fetch(&lab, &server).unwrap();
    assert_eq!(image.begun_at(&server), [0, size / 2]);
}

#[test]
fn a_wait_beyond_reason_is_an_error() {
    let text = refused(|_| Answer::status(429).header("Retry-After", "86400"));
    assert!(text.contains("1day"), "{text}");
}

#[test]
fn a_registrys_words_are_harmless() {
    let body = br#"{"errors": [{"message": "\u001b]0;owned\u0007 \nkennel: fine"}]}"#;
    let text = refused(|_| Answer {
        status: 418,
        ..Answer::blob(body)
    });
    assert!(
        text.contains("owned") && !text.chars().any(char::is_control),
        "{text:?}"
    );
}

#[test]
fn log_ins_do_not_loop_or_leave_tls() {
    let text = refused(|asked| {
        if asked.path.starts_with("/token") {
            return Answer::blob(br#"{"token": "never good enough"}"#);
        }
        Answer::status(401).header(
            "WWW-Authenticate",
            "Bearer realm=\"http://127.0.0.1:1/token\"",
        )
    });
    assert!(
        text.contains("cannot be reached") || text.contains("log-in"),
        "{text}"
    );
    let text = refused(|_| {
        Answer::status(401).header(
            "WWW-Authenticate",
            "Bearer realm=\"http://192.0.2.1/token\"",
        )
    });
    assert!(text.contains("not safe"), "{text}");
    let text = refused(|_| Answer::status(307).header("Location", "http://192.0.2.1/v2/"));
    assert!(text.contains("away from TLS"), "{text}");
    let text = refused(|asked| Answer::status(307).header("Location", &asked.path));
    assert!(text.contains("redirect"), "{text}");
}

#[test]
fn a_certificate_nobody_vouches_for_takes_the_word_insecure() {
    let image = Image::new(|_| {});
    let lab = Lab::new();
    let tls = self_signed(lab.dir.path());
    let server = Server::with_tls(tls, move |asked| image.answer(asked));
    let name = reference(&server);
    // Being on this computer excuses plain http, not a bad certificate.
    let error = pull(&lab.store, &request(&name), &lab.unpacker, &Quiet).unwrap_err();
    assert!(
        matches!(error, RegistryError::Certificate { .. }),
        "{error}"
    );
    let endpoints = vec![Endpoint {
        insecure: true,
        ..Endpoint::origin(&name)
    }];
    let wanted = PullRequest {
        endpoints,
        ..request(&name)
    };
    pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap();
}
