//! What the desktop asks of a search provider: org.gnome.Shell.SearchProvider2.

use relm4::gtk::gio::prelude::DBusMethodCall;
use relm4::gtk::{gio, glib};

const INTERFACE: &str = "org.gnome.Shell.SearchProvider2";

const INTERFACES: &str = r#"<node>
  <interface name="org.gnome.Shell.SearchProvider2">
    <method name="GetInitialResultSet">
      <arg type="as" name="terms" direction="in"/>
      <arg type="as" name="results" direction="out"/>
    </method>
    <method name="GetSubsearchResultSet">
      <arg type="as" name="previous_results" direction="in"/>
      <arg type="as" name="terms" direction="in"/>
      <arg type="as" name="results" direction="out"/>
    </method>
    <method name="GetResultMetas">
      <arg type="as" name="identifiers" direction="in"/>
      <arg type="aa{sv}" name="metas" direction="out"/>
    </method>
    <method name="ActivateResult">
      <arg type="s" name="identifier" direction="in"/>
      <arg type="as" name="terms" direction="in"/>
      <arg type="u" name="timestamp" direction="in"/>
    </method>
    <method name="LaunchSearch">
      <arg type="as" name="terms" direction="in"/>
      <arg type="u" name="timestamp" direction="in"/>
    </method>
  </interface>
</node>"#;

/// One question or wish.
#[derive(Debug, PartialEq, Eq)]
pub enum Call {
    /// What is found by all of these words.
    Find(Vec<String>),
    /// The same, after a letter more was typed: what was found before can only get less.
    Narrow(Vec<String>),
    /// How these results are to be shown.
    Describe(Vec<String>),
    /// Show this result.
    Show(String),
    /// Show in the app all that is found by these words.
    ShowAll(Vec<String>),
}

/// The interface, as the bus wants it described.
pub fn interface() -> Option<gio::DBusInterfaceInfo> {
    let node = gio::DBusNodeInfo::for_xml(INTERFACES).ok()?;
    node.lookup_interface(INTERFACE)
}

impl DBusMethodCall for Call {
    fn parse_call(
        _path: &str,
        _interface: Option<&str>,
        method: &str,
        arguments: glib::Variant,
    ) -> Result<Self, glib::Error> {
        type Words = Vec<String>;
        let call = match method {
            "GetInitialResultSet" => arguments.get().map(|(terms,)| Self::Find(terms)),
            "GetSubsearchResultSet" => arguments
                .get()
                .map(|(_, terms): (Words, Words)| Self::Narrow(terms)),
            "GetResultMetas" => arguments.get().map(|(ids,)| Self::Describe(ids)),
            "ActivateResult" => arguments
                .get()
                .map(|(id, _, _): (String, Words, u32)| Self::Show(id)),
            "LaunchSearch" => arguments
                .get()
                .map(|(terms, _): (Words, u32)| Self::ShowAll(terms)),
            _ => {
                let unknown = format!("there is no method {method}");
                return Err(glib::Error::new(gio::DBusError::UnknownMethod, &unknown));
            }
        };
        let wrong = || glib::Error::new(gio::DBusError::InvalidArgs, "these are other arguments");
        call.ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use relm4::gtk::glib::variant::ToVariant as _;

    use super::*;

    fn parse(method: &str, arguments: glib::Variant) -> Option<Call> {
        Call::parse_call("/", Some(INTERFACE), method, arguments).ok()
    }

    #[test]
    fn every_method_of_the_interface_is_understood() {
        let described = interface().unwrap();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (web, both) = (words("web"), words("web shop"));
        let calls = [
            (
                "GetInitialResultSet",
                (&web,).to_variant(),
                Call::Find(web.clone()),
            ),
            (
                "GetSubsearchResultSet",
                (&web, &both).to_variant(),
                Call::Narrow(both.clone()),
            ),
            (
                "GetResultMetas",
                (&both,).to_variant(),
                Call::Describe(both.clone()),
            ),
            (
                "ActivateResult",
                ("web", &both, 7_u32).to_variant(),
                Call::Show("web".into()),
            ),
            (
                "LaunchSearch",
                (&both, 7_u32).to_variant(),
                Call::ShowAll(both.clone()),
            ),
        ];
        for (method, arguments, call) in calls {
            assert!(described.lookup_method(method).is_some(), "{method}");
            assert_eq!(parse(method, arguments), Some(call), "{method}");
        }
    }

    #[test]
    fn what_is_no_call_is_refused() {
        assert_eq!(parse("GetInitialResultSet", ("web",).to_variant()), None);
        assert_eq!(parse("Shutdown", ().to_variant()), None);
    }
}
