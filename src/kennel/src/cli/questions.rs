//! `kennel questions` and `kennel answer`: commands of pets that wait for the person's word, where
//! there is no window to give it in.

use std::time::SystemTime;

use kennel_engine::pets::Kennel;
use kennel_model::{HostAnswer, HostQuestion, PetId, PetName, UserError, quoted};
use serde::Serialize;

use super::output::{print_json, table};

/// A question as `--json` has it.
#[derive(Debug, Serialize)]
struct PetQuestion {
    /// The pet's name.
    pet: PetName,
    /// Its id.
    id: PetId,
    #[serde(flatten)]
    question: HostQuestion,
}

/// A table of what waits, or JSON.
pub fn list(kennel: &Kennel, json: bool) -> Result<(), UserError> {
    let pets = kennel.all_pets()?.readable;
    let all: Vec<PetQuestion> = pets
        .iter()
        .flat_map(|pet| {
            let questions = kennel.questions(pet).into_iter();
            questions.map(|question| PetQuestion {
                pet: pet.name.clone(),
                id: pet.id.clone(),
                question,
            })
        })
        .collect();
    if json {
        return print_json(&all);
    }
    if all.is_empty() {
        println!("No command waits for your word.");
        return Ok(());
    }
    let now = SystemTime::now();
    let rows = all.into_iter().map(|PetQuestion { pet, question, .. }| {
        [
            pet.to_string(),
            question.number.to_string(),
            age(&question.asked, now),
            as_typed(&question),
            question.directory,
        ]
    });
    table(["PET", "NUMBER", "WAITS", "COMMAND", "IN"], rows);
    Ok(())
}

/// Gives the person's word.
pub fn answer(
    kennel: &Kennel,
    name: &str,
    number: u32,
    answer: HostAnswer,
) -> Result<(), UserError> {
    let spec = kennel.find(name)?;
    let questions = kennel.questions(&spec);
    let question = questions.iter().find(|question| question.number == number);
    let only_once = question.is_some_and(|question| !question.can_be_always());
    if answer == HostAnswer::Always && only_once {
        return Err(UserError::verbatim(
            "not-for-good",
            "a command with variables of its own may mean something else each time",
            format!("allow it this time: kennel answer {name} {number} once"),
        ));
    }
    Ok(kennel.answer_question(&spec, number, answer)?)
}

/// How long ago `asked` was.
fn age(asked: &str, now: SystemTime) -> String {
    let asked = humantime::parse_rfc3339(asked).ok();
    match asked.and_then(|asked| now.duration_since(asked).ok()) {
        Some(waited) if waited.as_secs() < 60 => format!("{} s", waited.as_secs()),
        Some(waited) => format!("{} min", waited.as_secs() / 60),
        None => String::new(),
    }
}

/// The command with what is set for it, as env(1) has it.
fn as_typed(question: &HostQuestion) -> String {
    if question.variables.is_empty() {
        return question.command.clone();
    }
    let words = question.variables.iter().map(|variable| {
        if variable.contains('=') {
            quoted(variable)
        } else {
            format!("-u {}", quoted(variable))
        }
    });
    let words: Vec<String> = words.collect();
    format!("env {} {}", words.join(" "), question.command)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_waits_tells_for_how_long() {
        let asked = "2026-06-30T12:00:00Z";
        let then = humantime::parse_rfc3339(asked).unwrap_or(SystemTime::UNIX_EPOCH);
        for (seconds, want) in [(0, "0 s"), (59, "59 s"), (60, "1 min"), (299, "4 min")] {
            assert_eq!(age(asked, then + Duration::from_secs(seconds)), want);
        }
        // A clock that was set back.
        assert_eq!(age(asked, then - Duration::from_secs(5)), "");
    }

    #[test]
    fn variables_are_seen_with_the_command() {
        let question = |variables: &[&str]| HostQuestion {
            number: 7,
            command: "podman ps".to_owned(),
            directory: "/".to_owned(),
            variables: variables.iter().map(|&text| text.to_owned()).collect(),
            asked: String::new(),
        };
        assert_eq!(as_typed(&question(&[])), "podman ps");
        assert_eq!(
            as_typed(&question(&["A=x podman images #", "HOME"])),
            "env 'A=x podman images #' -u 'HOME' podman ps"
        );
    }
}
