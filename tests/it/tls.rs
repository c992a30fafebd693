//! Does what leaves for others leave encrypted, and only to those who are who they must be?

use serde_json::{Value, json};
use vesalius::mail::{Letter, Mail, MailError, Settings as MailSettings};
use vesalius::outbound::{Limits, Outbound, OutboundError, Settings};

use crate::support::provider::atlas_with;
use crate::support::receivers::signed;
use crate::support::tls::Authority;
use crate::support::{catalogue, dataset};

const HERE: &str = "IP:127.0.0.1";

fn mail(port: u16, tls: &str, more: &str) -> Mail {
    let text = format!(
        "host = '127.0.0.1'\nport = {port}\ntls = '{tls}'\nfrom = 'Atlas <atlas@example.org>'\n{more}"
    );
    let settings: MailSettings = toml::from_str(&text).unwrap();
    Mail::new(&settings).unwrap().unwrap()
}

fn letter() -> Letter {
    Letter {
        to: "ada@example.org".into(),
        subject: "Published".into(),
        text: "What nobody on the way is to read.".into(),
        name: "one".into(),
        unsubscribe: "https://atlas.example/unsubscribe".into(),
        at: jiff::Timestamp::from_second(1_790_000_000).unwrap(),
    }
}

#[test]
fn letters_leave_by_starttls_and_by_tls_to_a_server_that_is_vouched_for() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let known = format!("certificates = '{}'\n", authority.file().display());
    for (mode, tls) in [("starttls", "starttls"), ("smtps", "tls")] {
        let mut server = authority.server(mode, HERE);
        let login = format!("{known}user = 'atlas'\npassword = 'hush'");
        mail(server.port, tls, &login).send(&letter()).unwrap();
        let got = server.next();
        assert!(got["tls"].as_str().unwrap().starts_with("TLSv1."), "{got}");
        assert!(got["text"].as_str().unwrap().contains("nobody on the way"));
        assert!(got["login"].as_str().unwrap().starts_with("AUTH"), "{got}");
        // Nobody vouches for it: not a word of the letter leaves.
        let refused = mail(server.port, tls, "").send(&letter());
        assert!(matches!(refused, Err(MailError::Later(_))), "{refused:?}");
        assert_eq!(server.stop(), Vec::<String>::new());
        // Its certificate is somebody else's.
        let other = authority.server(mode, "DNS:mx.example.org");
        let refused = mail(other.port, tls, &known).send(&letter());
        assert!(matches!(refused, Err(MailError::Later(_))), "{refused:?}");
        assert_eq!(other.stop(), Vec::<String>::new());
    }
    // Somebody on the way takes the offer of STARTTLS out: the letter stays.
    let stripped = authority.server("plain", HERE);
    let refused = mail(stripped.port, "starttls", &known).send(&letter());
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(stripped.stop(), Vec::<String>::new());
}

fn outbound(more: &str) -> Outbound {
    let text = format!("allow_private = ['127.0.0.0/8']\n{more}");
    Outbound::new(toml::from_str::<Settings>(&text).unwrap())
}

#[test]
fn the_way_out_believes_the_webs_authorities_and_the_operators() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let known = format!("certificates = '{}'", authority.file().display());
    let mut server = authority.server("https", HERE);
    let url = format!("https://127.0.0.1:{}/hook", server.port);
    let limits = Limits::default();
    let body = || "{\"type\":\"x\"}".to_owned();
    outbound(&known).post_json(&url, body(), &limits).unwrap();
    let got = server.next();
    assert_eq!(got["request"], "POST /hook HTTP/1.1");
    assert_eq!(got["body"], body());
    let fetched = outbound(&known).fetch(&url, &limits).unwrap();
    assert_eq!(fetched.bytes, b"ok");
    server.next();
    let refused = outbound("").post_json(&url, body(), &limits);
    assert!(
        matches!(refused, Err(OutboundError::Transport { .. })),
        "{refused:?}"
    );
    // A name that the certificate does not hold for.
    let other = url.replace("127.0.0.1", "localhost");
    let refused = outbound(&known).post_json(&other, body(), &limits);
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(server.stop(), Vec::<String>::new());
    let wrong = toml::from_str::<Settings>("certificates = '/nowhere/at/all.pem'");
    assert!(
        wrong
            .unwrap_err()
            .to_string()
            .contains("/nowhere/at/all.pem")
    );
}

#[test]
fn a_webhook_over_tls_gets_what_is_signed() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let mut hook = authority.server("https", HERE);
    let known = format!("certificates = \"{}\"\n", authority.file().display());
    let rules = "[[sign_in.rules]]\nrole = \"provider\"\ncatalogues = [\"{base}/catalog/theirs\"]\ngroup = \"editors\"\n";
    let Some((server, provider, _folder)) = atlas_with(&known, rules) else {
        return;
    };
    let steward = server.steward();
    steward.write(
        "/catalog/theirs",
        catalogue(&server.base, "theirs", "Theirs"),
    );
    steward.publish("/catalog/theirs");
    let mut ada = provider.sign_in(&json!({ "sub": "ada", "groups": ["editors"] }));
    let url = format!("https://127.0.0.1:{}/hook", hook.port);
    let form = format!(
        "url={}&topic=organisation",
        crate::support::http::encode(&url)
    );
    let made = ada.post(&server.iri("/my/webhooks"), &form).is(201).json();
    let home = server.iri("/catalog/theirs");
    steward.write(
        "/dataset/told",
        dataset(&server.base, "told", &home, "Told over TLS"),
    );
    let is_it = |got: &Value| got["body"].as_str().unwrap().contains("Told over TLS");
    let mut all = std::iter::repeat_with(|| hook.next()).take(10);
    let got = all.find(is_it).expect("the dataset is told");
    assert!(got["tls"].as_str().unwrap().starts_with("TLSv1."), "{got}");
    let header = |name: &str| got["headers"][name].as_str().unwrap().to_owned();
    let text = format!(
        "{}.{}.{}",
        header("webhook-id"),
        header("webhook-timestamp"),
        got["body"].as_str().unwrap()
    );
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(header("webhook-signature"), signed(secret, &text));
}
