//! What a registry asks for with `401`: `WWW-Authenticate` (RFC 9110, section 11.6.1).

/// One way to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// User name and password with every request (RFC 7617).
    Basic,
    /// A token from `realm` (the distribution project's token specification).
    Bearer {
        realm: String,
        service: Option<String>,
        scope: Option<String>,
    },
}

/// The challenges of one header, those that are understood.
pub(super) fn parse(header: &str) -> Vec<Challenge> {
    let mut found = Vec::new();
    let mut current: Option<(String, Vec<(String, String)>)> = None;
    let mut rest = header.trim_start_matches([' ', ',']);
    while !rest.is_empty() {
        let end = rest.find(|c: char| " =,".contains(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = rest[end..].trim_start();
        if let Some(value) = rest.strip_prefix('=') {
            let (value, after) = take_value(value.trim_start());
            if let Some((_, parameters)) = &mut current {
                parameters.push((word.to_ascii_lowercase(), value));
            }
            rest = after;
        } else {
            found.extend(current.take().and_then(understood));
            current = Some((word.to_ascii_lowercase(), Vec::new()));
        }
        rest = rest.trim_start_matches([' ', ',']);
    }
    found.extend(current.and_then(understood));
    found
}

/// A token or a quoted string, and what follows.
fn take_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, letter) in quoted.char_indices() {
        match letter {
            _ if escaped => {
                value.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[at + 1..]),
            _ => value.push(letter),
        }
    }
    (value, "")
}

fn understood((scheme, parameters): (String, Vec<(String, String)>)) -> Option<Challenge> {
    let get = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    match scheme.as_str() {
        "basic" => Some(Challenge::Basic),
        "bearer" => Some(Challenge::Bearer {
            realm: get("realm")?,
            service: get("service"),
            scope: get("scope"),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_registries_send() {
        assert_eq!(parse("Basic realm=\"Registry Realm\""), [Challenge::Basic]);
        let hub = "Bearer realm=\"https://auth.example/token\",service=\"hub\",scope=\"repository:a/b:pull,push\"";
        let Challenge::Bearer {
            realm,
            service,
            scope,
        } = &parse(hub)[0]
        else {
            panic!("not a bearer challenge");
        };
        assert_eq!(realm, "https://auth.example/token");
        assert_eq!(service.as_deref(), Some("hub"));
        assert_eq!(scope.as_deref(), Some("repository:a/b:pull,push"));
    }

    #[test]
    fn several_and_strange_ones() {
        let two = parse("Negotiate, BEARER realm=x , service=\"a \\\"b\\\"\", Basic realm=y");
        assert_eq!(two.len(), 2);
        assert_eq!(two[1], Challenge::Basic);
        for odd in [
            "",
            ",,,",
            "Bearer",
            "Bearer realm",
            "Bearer realm=\"",
            "=",
            "= =",
            "\"",
            "é=é",
        ] {
            let _ = parse(odd);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_survived(text in ".{0,200}") {
            let _ = parse(&text);
        }
    }
}
