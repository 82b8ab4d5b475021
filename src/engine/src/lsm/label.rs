//! SELinux labels: `user:role:type:level`.

use std::str::FromStr;

use kennel_model::McsPair;
use serde::{Deserialize, Serialize};

/// The type of processes in a container, in every policy that knows containers.
const PROCESS_TYPE: &str = "container_t";

/// The type of files that such processes may use and be started from.
const FILE_TYPE: &str = "container_file_t";

/// The longest label that is taken, in bytes; real ones are below 200.
const LENGTH_LIMIT: usize = 1024;

/// A label of a process or file, of letters that need no quoting anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label {
    user: String,
    role: String,
    kind: String,
    /// Sensitivity and categories, or a range of them.
    level: String,
}

/// Not a label of a policy with levels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an SELinux label with a level")]
pub struct InvalidLabel(String);

impl FromStr for Label {
    type Err = InvalidLabel;

    fn from_str(text: &str) -> Result<Self, InvalidLabel> {
        let bad = || InvalidLabel(text.to_owned());
        let is_known =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | ',');
        if text.len() > LENGTH_LIMIT || !text.chars().all(is_known) {
            return Err(bad());
        }
        let mut parts = text.splitn(4, ':').filter(|part| !part.is_empty());
        let mut next = || parts.next().map(str::to_owned).ok_or_else(bad);
        Ok(Self {
            user: next()?,
            role: next()?,
            kind: next()?,
            level: next()?,
        })
    }
}

impl TryFrom<String> for Label {
    type Error = InvalidLabel;

    fn try_from(text: String) -> Result<Self, InvalidLabel> {
        text.parse()
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.to_string()
    }
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}:{}:{}",
            self.user, self.role, self.kind, self.level
        )
    }
}

impl Label {
    /// The type, such as `container_t`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether it is that of a container's process.
    pub fn is_container(&self) -> bool {
        self.kind == PROCESS_TYPE
    }

    /// The two categories that tell one container from another, where it has them.
    pub fn pair(&self) -> Option<McsPair> {
        let (_, categories) = self.level.split_once(':')?;
        let (one, other) = categories.split_once(',')?;
        let number = |category: &str| category.strip_prefix('c')?.parse().ok();
        McsPair::new(number(one)?, number(other)?).ok()
    }

    /// Whether a process with the categories of `pair` may use files of this label. Those without
    /// categories are for all containers.
    pub fn is_usable_by(&self, pair: Option<McsPair>) -> bool {
        let categories = self.level.split_once(':').map_or("", |(_, rest)| rest);
        let is_own = pair.is_some_and(|pair| categories == pair.to_string());
        self.kind == FILE_TYPE && (categories.is_empty() || is_own)
    }
}

/// The labels of one pet under the label of containers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetLabels {
    /// Of each of its processes.
    pub process: Label,
    /// Of all its files.
    pub files: Label,
}

impl PetLabels {
    /// Those of the pet with `pair`, started by a process of label `own`. User and role stay the
    /// person's: another role would need a rule of its own in the policy, and files of another user
    /// could not be made (the reference policy's constraint on create).
    pub fn of(own: &Label, pair: McsPair) -> Self {
        let level = format!("s0:{pair}");
        Self {
            process: Label {
                user: own.user.clone(),
                role: own.role.clone(),
                kind: PROCESS_TYPE.to_owned(),
                level: level.clone(),
            },
            files: Label {
                user: own.user.clone(),
                role: "object_r".to_owned(),
                kind: FILE_TYPE.to_owned(),
                level,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023";

    #[test]
    fn a_pets_labels_keep_the_persons_role() {
        let own: Label = OWN.parse().unwrap();
        assert_eq!(own.to_string(), OWN);
        let labels = PetLabels::of(&own, McsPair::new(9, 4).unwrap());
        assert_eq!(
            labels.process.to_string(),
            "unconfined_u:unconfined_r:container_t:s0:c4,c9"
        );
        assert_eq!(
            labels.files.to_string(),
            "unconfined_u:object_r:container_file_t:s0:c4,c9"
        );
    }

    #[test]
    fn what_is_no_label_is_refused() {
        for text in [
            "",
            "kernel",
            "a:b:c",
            "a::c:s0",
            "a:b:c:s0\0",
            "a:b:c:s0 x",
            "a:b:c:s0\"d",
        ] {
            assert!(text.parse::<Label>().is_err(), "{text:?}");
        }
        assert!(
            format!("a:b:c:{}", "s".repeat(2000))
                .parse::<Label>()
                .is_err()
        );
    }

    #[test]
    fn files_are_usable_by_their_own_pet_and_without_categories_by_all() {
        let usable = |text: &str| {
            let label: Label = text.parse().unwrap();
            label.is_usable_by(McsPair::new(4, 9).ok())
        };
        assert!(usable("system_u:object_r:container_file_t:s0:c4,c9"));
        assert!(usable("unconfined_u:object_r:container_file_t:s0"));
        assert!(!usable("system_u:object_r:container_file_t:s0:c4,c8"));
        assert!(!usable("unconfined_u:object_r:user_home_t:s0"));
    }
}
