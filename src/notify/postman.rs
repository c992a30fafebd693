//! Which letters are to be written, to whom and when, and what stands in them?

use jiff::{SignedDuration, Timestamp};

use super::words::{filled, say};
use super::{Notify, Way};
use crate::auth::Actor;
use crate::catalogue::CatalogueError;
use crate::ledger::{AccountId, Addressee, EventKind, Mailing, Notice};
use crate::mail::{Letter, MailError, Settings};

/// Accounts that one round looks at.
const ACCOUNTS_PER_ROUND: usize = 500;
/// Notices of one letter; the rest is counted.
const NOTICES_PER_LETTER: usize = 50;
/// Notices that one round takes as done for an account.
const NOTICES_PER_ROUND: usize = 1_000;
/// How long the postman rests when nobody wakes them.
const REST: std::time::Duration = std::time::Duration::from_secs(20);
/// What the links in letters are marked for.
pub(super) const UNSUBSCRIBE: &str = "unsubscribe";

/// How many letters were sent in the present minute.
#[derive(Debug, Default)]
pub(super) struct Rate {
    minute: i64,
    sent: u32,
}

impl Rate {
    /// Takes the place of one letter, if there is one in this minute.
    fn take(&mut self, at: Timestamp, per_minute: u32) -> bool {
        let minute = at.as_second().div_euclid(60);
        if minute != self.minute {
            *self = Self { minute, sent: 0 };
        }
        let fits = self.sent < per_minute;
        self.sent += u32::from(fits);
        fits
    }
}

/// Whether the round goes on after a letter.
enum After {
    Next,
    /// The mail server takes nothing now, or the minute is full.
    Rest,
}

impl Notify {
    /// Waits until there may be letters to write.
    pub async fn until_written(&self) {
        // Woken or not: what waits is looked up.
        let _ = tokio::time::timeout(REST, self.0.written.notified()).await;
    }

    /// Writes the letters that are due now.
    pub async fn post(&self) -> Result<(), CatalogueError> {
        for mailing in [Mailing::AtOnce, Mailing::Daily] {
            let mut after = String::new();
            loop {
                let ledger = self.parts().catalogue.ledger();
                let accounts = ledger
                    .mail_waits_for(mailing, &after, ACCOUNTS_PER_ROUND)
                    .await?;
                let Some(last) = accounts.last() else { break };
                after.clone_from(&last.0);
                for account in &accounts {
                    if let After::Rest = self.write_to(account, mailing).await? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    async fn write_to(
        &self,
        account: &AccountId,
        mailing: Mailing,
    ) -> Result<After, CatalogueError> {
        let parts = self.parts();
        let ledger = parts.catalogue.ledger();
        let now = parts.catalogue.clock().now();
        let addressee = ledger.addressee(account).await?;
        if !is_due(&parts.mail_settings, mailing, addressee.as_ref(), now) {
            return Ok(After::Next);
        }
        let waiting = ledger.to_mail(account, mailing, NOTICES_PER_ROUND).await?;
        let Some(up_to) = waiting.last().map(|notice| notice.id) else {
            return Ok(After::Next);
        };
        let email = ledger.account(account).await?.and_then(|known| known.email);
        let actor = parts.sign_in.absent(ledger, account, now).await?;
        let (Some(mail), Some(email), Some(actor)) = (parts.mail.clone(), email, actor) else {
            ledger.mailed(account, mailing, up_to, None).await?;
            return Ok(After::Next);
        };
        let wanted = self.still_wanted(account, mailing, &actor, waiting).await?;
        if wanted.is_empty() {
            ledger.mailed(account, mailing, up_to, None).await?;
            return Ok(After::Next);
        }
        if !self.0.rate.lock().take(now, parts.mail_settings.per_minute) {
            return Ok(After::Rest);
        }
        let language = addressee.map_or_else(|| "en".to_owned(), |one| one.language);
        let letter = self.letter(account, email, &language, &wanted, now);
        let sent = tokio::task::spawn_blocking(move || mail.send(&letter)).await;
        match sent {
            Ok(Ok(())) => {
                ledger.mailed(account, mailing, up_to, Some(now)).await?;
                Ok(After::Next)
            }
            Ok(Err(error)) if error.is_passing() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "mail waits");
                Ok(After::Rest)
            }
            Ok(Err(error)) => {
                refused(&error);
                ledger.mailed(account, mailing, up_to, None).await?;
                Ok(After::Next)
            }
            Err(_) => Ok(After::Rest),
        }
    }

    /// What its reader may still see and still wants by mail: they may have chosen otherwise meanwhile.
    async fn still_wanted(
        &self,
        account: &AccountId,
        mailing: Mailing,
        actor: &Actor,
        waiting: Vec<Notice>,
    ) -> Result<Vec<Notice>, CatalogueError> {
        let ways = self.ways(account).await?;
        let way = match mailing {
            Mailing::AtOnce => Way::AtOnce,
            Mailing::Daily => Way::Daily,
        };
        let wants = |kind: EventKind| ways.iter().any(|(own, ways)| *own == kind && ways.has(way));
        let wanted = waiting
            .into_iter()
            .filter(|notice| wants(notice.kind))
            .collect();
        self.visible(actor, wanted).await
    }

    fn letter(
        &self,
        account: &AccountId,
        email: String,
        language: &str,
        notices: &[Notice],
        now: Timestamp,
    ) -> Letter {
        let base = self.parts().catalogue.base().as_str();
        let mark = self.key().mark(UNSUBSCRIBE, &account.0);
        let unsubscribe = format!("{base}/unsubscribe?account={}&mark={mark}", account.0);
        let first = notices.first().map_or(0, |notice| notice.id);
        let last = notices.last().map_or(0, |notice| notice.id);
        Letter {
            to: email,
            subject: subject(&self.parts().name, language, notices),
            text: text(base, language, notices, &unsubscribe),
            name: format!("notices-{first}-{last}"),
            unsubscribe,
            at: now,
        }
    }
}

fn refused(error: &MailError) {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "a letter was refused and is not sent again"
    );
}

/// Whether a letter of a sort may be written to somebody now.
fn is_due(
    settings: &Settings,
    mailing: Mailing,
    addressee: Option<&Addressee>,
    now: Timestamp,
) -> bool {
    match mailing {
        Mailing::AtOnce => {
            let pause = SignedDuration::from_secs(settings.pause_seconds.into());
            let last = addressee.and_then(|one| one.mailed_at);
            last.is_none_or(|last| now.duration_since(last) >= pause)
        }
        Mailing::Daily => {
            let last = addressee.and_then(|one| one.digest_at);
            last.is_none_or(|last| digest_day(settings, last) < digest_day(settings, now))
                && (last.is_some() || hour(now) >= i64::from(settings.digest_hour))
        }
    }
}

fn hour(at: Timestamp) -> i64 {
    at.as_second().rem_euclid(86_400) / 3_600
}

/// The day of a daily letter: it begins at the hour that the settings name.
fn digest_day(settings: &Settings, at: Timestamp) -> i64 {
    (at.as_second() - i64::from(settings.digest_hour) * 3_600).div_euclid(86_400)
}

fn subject(name: &str, language: &str, notices: &[Notice]) -> String {
    match notices {
        [one] => format!("{} · {name}", sentence(one, language)),
        many => format!(
            "{} · {name}",
            filled(say("letter.many", language), &many.len().to_string())
        ),
    }
}

fn text(base: &str, language: &str, notices: &[Notice], unsubscribe: &str) -> String {
    let mut text = String::new();
    for notice in notices.iter().take(NOTICES_PER_LETTER) {
        text.push_str(&sentence(notice, language));
        text.push('\n');
        if let Some(words) = &notice.words {
            for line in words.lines() {
                text.push_str("  > ");
                text.push_str(line);
                text.push('\n');
            }
        }
        text.push_str(base);
        text.push_str(&notice.path);
        text.push_str("\n\n");
    }
    if let Some(more) = notices
        .len()
        .checked_sub(NOTICES_PER_LETTER)
        .filter(|more| *more > 0)
    {
        text.push_str(&filled(say("letter.more", language), &more.to_string()));
        text.extend(["\n", base, "/my/notifications\n\n"]);
    }
    text.push_str("-- \n");
    text.push_str(say("letter.choose", language));
    text.extend(["\n", base, "/my/settings\n"]);
    text.push_str(say("letter.unsubscribe", language));
    text.extend(["\n", unsubscribe, "\n"]);
    text
}

/// A notice in a sentence.
pub fn sentence(notice: &Notice, language: &str) -> String {
    let title = notice.title.as_deref().filter(|title| !title.is_empty());
    filled(
        say(&format!("event.{}", notice.kind.as_str()), language),
        title.unwrap_or(&notice.iri),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn notice(id: i64, title: &str) -> Notice {
        Notice {
            id,
            kind: EventKind::ChangesRequested,
            iri: "https://example.org/dataset/a".into(),
            record_kind: "dataset".into(),
            path: "/dataset/a".into(),
            title: Some(title.into()),
            author: "ada".into(),
            words: Some("Which scanner?\nAnd when?".into()),
            topic: "own".into(),
            is_public: false,
            at: at("2026-11-20T09:00:00Z"),
            read_at: None,
        }
    }

    fn addressee(mailed: Option<&str>, digest: Option<&str>) -> Addressee {
        Addressee {
            language: "en".into(),
            mailed_at: mailed.map(at),
            digest_at: digest.map(at),
        }
    }

    #[test]
    fn a_daily_letter_goes_once_a_day_after_its_hour() {
        let settings = Settings::default();
        let due = |last: Option<&str>, now: &str| {
            let addressee = addressee(None, last);
            is_due(&settings, Mailing::Daily, Some(&addressee), at(now))
        };
        assert!(!due(None, "2026-11-20T05:59:00Z"));
        assert!(due(None, "2026-11-20T06:00:00Z"));
        assert!(!due(Some("2026-11-20T06:00:00Z"), "2026-11-20T23:00:00Z"));
        assert!(!due(Some("2026-11-20T06:00:00Z"), "2026-11-21T05:59:00Z"));
        assert!(due(Some("2026-11-20T23:00:00Z"), "2026-11-21T06:00:00Z"));
        assert!(due(Some("2026-11-20T06:00:00Z"), "2026-11-25T03:00:00Z"));
    }

    #[test]
    fn letters_at_once_keep_a_pause() {
        let settings = Settings::default();
        let addressee = addressee(Some("2026-11-20T06:00:00Z"), None);
        let due = |now: &str| is_due(&settings, Mailing::AtOnce, Some(&addressee), at(now));
        assert!(!due("2026-11-20T06:04:59Z"));
        assert!(due("2026-11-20T06:05:00Z"));
        assert!(is_due(
            &settings,
            Mailing::AtOnce,
            None,
            at("2026-11-20T06:00:00Z")
        ));
    }

    #[test]
    fn no_minute_has_more_letters_than_it_may() {
        let mut rate = Rate::default();
        let taken = (0..100).filter(|_| rate.take(at("2026-11-20T06:00:30Z"), 60));
        assert_eq!(taken.count(), 60);
        assert!(rate.take(at("2026-11-20T06:01:00Z"), 60));
    }

    #[test]
    fn a_letter_quotes_and_counts_and_ends_with_the_way_out() {
        let many: Vec<Notice> = (0..52).map(|id| notice(id, "Kidney")).collect();
        let letter = text("https://a.example", "de", &many, "https://a.example/out");
        assert!(letter.contains("  > Which scanner?\n  > And when?\n"));
        assert!(letter.contains("https://a.example/dataset/a\n"));
        assert_eq!(letter.matches("«Kidney»").count(), NOTICES_PER_LETTER);
        assert!(letter.contains("2 weitere"), "{letter}");
        assert!(letter.ends_with("https://a.example/out\n"));
        assert!(subject("Atlas", "fr", &many[..1]).contains("« Kidney » · Atlas"));
        assert!(subject("Atlas", "es", &many).contains("52"));
    }
}
