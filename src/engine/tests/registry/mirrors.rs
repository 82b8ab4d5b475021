//! Other places that have the image.

use kennel_engine::registry::{Endpoint, PullRequest, pull};

use super::common::{Lab, Quiet};
use super::server::{Answer, Server};
use super::{Image, reference, request};

#[test]
fn mirrors_come_first_and_the_origin_helps_out() {
    let image = Image::new(|_| {});
    let (at_mirror, at_origin) = (image.clone(), image.clone());
    // The mirror knows the image and has lost its layer.
    let mirror = Server::new(move |asked| {
        let mut moved = asked.clone();
        moved.path = asked.path.replace("/v2/hub/", "/v2/test/");
        if at_mirror.is_layer(asked) {
            Answer::status(404)
        } else {
            at_mirror.answer(&moved)
        }
    });
    let origin = Server::new(move |asked| at_origin.answer(asked));
    let dead = Endpoint {
        location: "127.0.0.1:1/test/image".to_owned(),
        insecure: false,
    };
    let (lab, name) = (Lab::new(), reference(&origin));
    let endpoints = vec![
        dead,
        Endpoint {
            location: format!("{}/hub/image", mirror.address),
            insecure: false,
        },
        Endpoint::origin(&name),
    ];
    pull(
        &lab.store,
        &PullRequest {
            endpoints,
            ..request(&name)
        },
        &lab.unpacker,
        &Quiet,
    )
    .unwrap();
    assert!(mirror.asked().len() >= 3);
    assert_eq!(origin.asked().len(), 1, "{:?}", origin.asked());
    assert!(image.is_layer(&origin.asked()[0]));
}

#[test]
fn a_mirror_with_other_bytes_is_passed_over() {
    let image = Image::new(|_| {});
    let (at_mirror, at_origin) = (image.clone(), image.clone());
    let mirror = Server::new(move |asked| {
        let mut answer = at_mirror.answer(asked);
        if at_mirror.is_layer(asked) {
            let middle = answer.body.len() / 2;
            answer.body[middle] ^= 1;
        }
        answer
    });
    let origin = Server::new(move |asked| at_origin.answer(asked));
    let (lab, name) = (Lab::new(), reference(&origin));
    let endpoints = vec![
        Endpoint {
            location: format!("{}/test/image", mirror.address),
            insecure: false,
        },
        Endpoint::origin(&name),
    ];
    let wanted = PullRequest {
        endpoints,
        ..request(&name)
    };
    pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap();
    assert_eq!(origin.asked().len(), 1);
}
