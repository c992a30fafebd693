//! Who was not let in? The audit keeps it, up to a bound, so that whoever is refused all the time fills no disk.

use actix_web::HttpRequest;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use serde_json::json;

use super::error::WebError;
use super::server::Door;
use crate::auth::api_token;
use crate::ledger::{Deed, NewEvent};

/// Refusals that are kept in a minute; the others are counted, and told with the next that is kept.
const KEPT_PER_MINUTE_MAX: u32 = 30;

/// How many refusals were kept of late.
#[derive(Default)]
pub struct Refusals(Mutex<Window>);

#[derive(Default)]
struct Window {
    begun: Option<Timestamp>,
    kept: u32,
    left_out: u64,
}

impl Refusals {
    /// Whether one more is kept, and then how many were left out before it.
    fn admit(&self, now: Timestamp) -> Option<u64> {
        let mut window = self.0.lock();
        let minute = SignedDuration::from_mins(1);
        let is_over = window
            .begun
            .is_none_or(|begun| now.duration_since(begun).abs() >= minute);
        if is_over {
            window.begun = Some(now);
            window.kept = 0;
        }
        if window.kept >= KEPT_PER_MINUTE_MAX {
            window.left_out += 1;
            return None;
        }
        window.kept += 1;
        Some(std::mem::take(&mut window.left_out))
    }
}

/// Keeps that a token was refused: by its name, when it is one of ours.
pub(super) async fn token(door: &Door, sent: &str, error: &WebError) {
    let name = api_token::name_of(sent).map_or_else(String::new, |name| name.0);
    note(door, Deed::TokenRefused, &name, error).await;
}

/// Keeps that somebody did not come in by a provider, or by a password.
pub(super) async fn sign_in(door: &Door, request: &HttpRequest, error: &WebError) {
    let by = request.match_info().get("provider").unwrap_or("password");
    note(door, Deed::SignInRefused, by, error).await;
}

async fn note(door: &Door, deed: Deed, subject: &str, error: &WebError) {
    if !error.is_refusal() {
        return;
    }
    let now = door.catalogue.clock().now();
    let Some(left_out) = door.refusals.admit(now) else {
        return;
    };
    let mut detail = json!({ "why": error.to_string() });
    if left_out > 0 {
        detail["leftOut"] = json!(left_out);
    }
    let event = NewEvent::new(now, "anonymous", deed, subject, detail);
    if let Err(error) = door.catalogue.ledger().note(event).await {
        tracing::warn!(%error, "a refusal does not stand in the audit");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_told_with_the_next() {
        let refusals = Refusals::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        for _ in 0..KEPT_PER_MINUTE_MAX {
            assert_eq!(refusals.admit(at(0)), Some(0));
        }
        for _ in 0..1000 {
            assert_eq!(refusals.admit(at(59)), None);
        }
        assert_eq!(refusals.admit(at(60)), Some(1000));
        assert_eq!(refusals.admit(at(61)), Some(0));
    }
}
