//! Who else vouches for people? A second provider that is unlike the first: Debian's glewlwyd, unpacked by the tests.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::provider::Browser;
use super::{Answer, Person, TestServer};

const READY_MAX: Duration = Duration::from_secs(30);
const SECRET: &str = "a-secret-of-the-tests-that-is-long-enough";
/// Where no server listens: the redirect of a program that has no page.
const NATIVE: &str = "http://127.0.0.1:9/native";

/// A provider for one Atlas.
pub struct Glewlwyd {
    pub issuer: String,
    api: String,
    atlas: String,
    process: Child,
}

/// Starts an Atlas with this provider, whose people and machines are providers of the catalogue `theirs`. `None`, said
/// loudly, when it cannot be had.
pub fn atlas_with_glewlwyd() -> Option<(TestServer, Glewlwyd, tempfile::TempDir)> {
    let root = unpacked()?;
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let file = folder.path().join("vesalius.toml");
    fs::write(&file, "").unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    server.stop();
    let issuer = format!("http://127.0.0.1:{port}/api/oidc");
    let settings = format!(
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[sign_in]\nattempts_per_minute = 10000\n\
         [sign_in.providers.glew]\ntitle = \"The Other\"\nissuer = \"{issuer}\"\nclient_id = \"atlas\"\n\
         client_secret = \"{SECRET}\"\nscopes = [\"openid\", \"profile\"]\naudiences = [\"write\", \"openid write\"]\n\
         [[sign_in.rules]]\nrole = \"provider\"\nproviders = [\"glew\"]\ncatalogues = [\"{}/catalog/theirs\"]\n",
        server.base
    );
    fs::write(&file, settings).unwrap();
    server.restart();
    drop(listener);
    let provider = Glewlwyd::start(&root, folder.path(), port, &server.base);
    Some((server, provider, folder))
}

/// The folder with the program and what it needs besides what the system has.
fn unpacked() -> Option<PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let unpack = || {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("glewlwyd");
        let root = folder.join("root");
        let done = folder.join("done");
        if done.is_file() {
            return Some(root);
        }
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        // Names only; apt itself finds the files.
        let script = "set -e\n\
            names=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
                --no-replaces --no-enhances glewlwyd | grep -E '^lib' | sort -u)\n\
            wanted='glewlwyd glewlwyd-common'\n\
            for name in $names; do\n\
                dpkg-query -W -f '${db:Status-Status}' \"$name\" 2>/dev/null | grep -q '^installed' || wanted=\"$wanted $name\"\n\
            done\n\
            apt-get download $wanted\n\
            for file in *.deb; do dpkg -x \"$file\" root; done\n\
            command -v openssl";
        let output = Command::new("sh")
            .args(["-c", script])
            .current_dir(&folder)
            .output();
        match output {
            Ok(Output { status, .. })
                if status.success() && root.join("usr/bin/glewlwyd").is_file() =>
            {
                fs::write(done, "").unwrap();
                Some(root)
            }
            failed => {
                eprintln!("\n=== SKIPPED: Debian's glewlwyd cannot be had: {failed:?}\n");
                None
            }
        }
    };
    FOLDER.get_or_init(unpack).clone()
}

impl Glewlwyd {
    fn start(root: &Path, folder: &Path, port: u16, atlas: &str) -> Self {
        let database = folder.join("people.sqlite");
        make_database(root, &database);
        let modules = root.join("usr/lib/glewlwyd");
        let modules = modules.display();
        let address = format!("http://127.0.0.1:{port}");
        let settings = format!(
            "port={port}\nbind_address=\"127.0.0.1\"\nexternal_url=\"{address}\"\nlogin_url=\"login.html\"\n\
             api_prefix=\"api\"\nlog_mode=\"console\"\nlog_level=\"WARNING\"\ncookie_domain=\"127.0.0.1\"\n\
             cookie_secure=0\nadmin_scope=\"g_admin\"\nprofile_scope=\"g_profile\"\nuser_module_path=\"{modules}/user\"\n\
             user_middleware_module_path=\"{modules}/user_middleware\"\nclient_module_path=\"{modules}/client\"\n\
             user_auth_scheme_module_path=\"{modules}/scheme\"\nplugin_module_path=\"{modules}/plugin\"\n\
             hash_algorithm=\"SHA512\"\ndatabase={{type=\"sqlite3\";path=\"{}\";}};\n",
            database.display()
        );
        let file = folder.join("glewlwyd.conf");
        fs::write(&file, settings).unwrap();
        let libraries = [
            root.join("usr/lib/x86_64-linux-gnu"),
            root.join("lib/x86_64-linux-gnu"),
            root.join("usr/lib/aarch64-linux-gnu"),
        ]
        .map(|folder| folder.display().to_string())
        .join(":");
        let process = Command::new(root.join("usr/bin/glewlwyd"))
            .arg(format!("--config-file={}", file.display()))
            .env("LD_LIBRARY_PATH", libraries)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let provider = Self {
            issuer: format!("{address}/api/oidc"),
            api: format!("{address}/api"),
            atlas: atlas.to_owned(),
            process,
        };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < READY_MAX, "glewlwyd does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        provider.fill(folder);
        provider
    }

    /// Sends JSON with the cookies of a browser.
    fn tell(&self, browser: &mut Browser, method: &str, path: &str, what: &Value) -> Answer {
        let headers = [("Content-Type", "application/json")];
        let url = format!("{}{path}", self.api);
        browser.send(method, &url, &headers, &what.to_string())
    }

    /// Who signs in at the provider, as its own page would do it.
    fn enter(&self, name: &str, password: &str) -> Browser {
        let mut browser = Browser::new();
        let who = json!({"username": name, "password": password});
        self.tell(&mut browser, "POST", "/auth/", &who).is(200);
        browser
    }

    fn fill(&self, folder: &Path) {
        let mut admin = self.enter("admin", "password");
        let (key, cert) = keys(folder);
        let mut parameters = json!({
            "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": key, "cert": cert,
            "code-duration": 600, "refresh-token-duration": 3600, "access-token-duration": 600,
            "auth-type-implicit-enabled": false, "auth-type-password-enabled": false,
            "name-claim": "mandatory", "email-claim": "mandatory", "scope-claim": "no",
            "allowed-scope": ["openid", "profile"], "secret-type": "public", "address-claim": {"type": "no"},
            "session-cookie-name": "SID", "session-cookie-expiration": 3600,
        });
        for name in [
            "allow-non-oidc",
            "refresh-token-rolling",
            "auth-type-client-enabled",
            "auth-type-code-enabled",
            "auth-type-refresh-enabled",
            "pkce-allowed",
            "pkce-required",
            "jwks-show",
            "session-management-allowed",
        ] {
            parameters[name] = json!(true);
        }
        let plugin = json!({
            "module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": true, "parameters": parameters,
        });
        self.tell(&mut admin, "POST", "/mod/plugin/", &plugin)
            .is(200);
        for name in ["profile", "write", "elsewhere"] {
            let scope = json!({
                "name": name, "display_name": name, "description": name, "password_required": false, "scheme": {},
            });
            self.tell(&mut admin, "POST", "/scope/", &scope).is(200);
        }
        let client = |id: &str, redirect: &[String], kinds: &[&str], scopes: &[&str]| {
            json!({
                "client_id": id, "name": id, "password": SECRET, "confidential": true, "enabled": true,
                "redirect_uri": redirect, "authorization_type": kinds, "scope": scopes,
                "token_endpoint_auth_method": ["client_secret_basic"],
                "post_logout_redirect_uris": format!("{}/", self.atlas),
            })
        };
        let callback = format!("{}/sign-in/glew/callback", self.atlas);
        for client in [
            client("atlas", &[callback], &["code"], &[]),
            client(
                "native",
                &[NATIVE.to_owned()],
                &["code", "refresh_token"],
                &[],
            ),
            client(
                "machine",
                &[],
                &["client_credentials"],
                &["write", "elsewhere"],
            ),
        ] {
            self.tell(&mut admin, "POST", "/client/", &client).is(200);
        }
        let ada = json!({
            "username": "ada", "name": "Doctor Ada", "email": "ada@example.org", "password": "pass-of-ada",
            "enabled": true, "scope": ["openid", "profile", "write", "g_profile"],
        });
        self.tell(&mut admin, "POST", "/user/", &ada).is(200);
    }

    /// Goes through the provider: signs in as its page would, agrees, and goes on to where it sends the browser.
    fn agree(&self, authorize: &str, client: &str, scopes: &str) -> (Browser, String) {
        let mut browser = self.enter("ada", "pass-of-ada");
        let path = format!("/auth/grant/{client}");
        let grant = json!({ "scope": scopes });
        self.tell(&mut browser, "PUT", &path, &grant).is(200);
        let answer = browser.get(&format!("{authorize}&g_continue"));
        let callback = answer
            .header("location")
            .unwrap_or_else(|| panic!("{answer}"));
        let callback = callback.to_owned();
        (browser, callback)
    }

    /// Signs Ada in at the Atlas: her browser, and the address that the provider sent it back to.
    pub fn sign_in(&self) -> (Browser, String) {
        let mut browser = Browser::new();
        let begun = browser.get(&format!("{}/sign-in/glew?return_to=/account", self.atlas));
        let authorize = begun.is(303).location();
        let (theirs, callback) = self.agree(&authorize, "atlas", "openid profile");
        drop(theirs);
        let answer = browser.get(&callback).is(303);
        assert!(answer.location().contains("/account"), "{answer}");
        (browser, callback)
    }

    fn ask_token(&self, client: &str, form: &str) -> Value {
        let basic = STANDARD.encode(format!("{client}:{SECRET}"));
        let answer = Person::new(&self.api, None)
            .request("POST", &format!("{}/oidc/token", self.api))
            .header("Authorization", format!("Basic {basic}"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .send_body(form);
        answer.is(200).json()
    }

    /// The token of a machine, for a scope.
    pub fn machine_token(&self, scope: &str) -> String {
        let form = format!("grant_type=client_credentials&scope={scope}");
        let tokens = self.ask_token("machine", &form);
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// What a program of Ada's has when it has refreshed its first token.
    pub fn refreshed_token(&self) -> (String, String) {
        let verifier = "a".repeat(60);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let redirect = super::http::encode(NATIVE);
        let authorize = format!(
            "{}/oidc/auth?response_type=code&client_id=native&redirect_uri={redirect}&scope=openid%20write\
             &state=x&nonce=y&code_challenge={challenge}&code_challenge_method=S256",
            self.api
        );
        let (_, callback) = self.agree(&authorize, "native", "openid write");
        let code = callback.split("code=").nth(1).unwrap();
        let code = code.split('&').next().unwrap();
        let form = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={redirect}&code_verifier={verifier}"
        );
        let first = self.ask_token("native", &form);
        let refresh = first["refresh_token"].as_str().unwrap();
        let form = format!("grant_type=refresh_token&refresh_token={refresh}");
        let second = self.ask_token("native", &form);
        let text = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
        (text(&first), text(&second))
    }
}

fn make_database(root: &Path, database: &Path) {
    let script = root.join("usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz");
    let output = Command::new("gzip")
        .arg("-dc")
        .arg(script)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let sql = String::from_utf8(output.stdout).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(database);
        let options = options.create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let script = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        script.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// A fresh pair of keys, as PEM.
fn keys(folder: &Path) -> (String, String) {
    let script =
        "openssl genrsa -out key.pem 2048 && openssl rsa -in key.pem -pubout -out cert.pem";
    let made = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    (read("key.pem"), read("cert.pem"))
}

impl Drop for Glewlwyd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
