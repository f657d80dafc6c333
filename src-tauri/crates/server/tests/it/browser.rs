//! A browser of few words: requests as bytes, so that a test may forge every header.

use std::{path::PathBuf, sync::Arc};

use gantry_api::app::{App, Caller, KnownBy};
use gantry_boot::settings::Settings;
use gantry_server::{door::Door, page::Page};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

/// A door that is open, in a folder of its own.
pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) app: Arc<App>,
    pub(crate) port: u16,
    pub(crate) token: String,
    serving: JoinHandle<()>,
}

impl Drop for House {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Gives a header by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }

    /// Reads the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

impl House {
    /// Opens a door with a page of two files.
    pub(crate) async fn open() -> Self {
        Self::open_in(tempfile::tempdir().unwrap()).await
    }

    /// Closes the door as a crash does: whatever it drove is driven by nobody.
    pub(crate) async fn crash(self) -> tempfile::TempDir {
        self.app.stop_driving().await;
        let mut house = self;
        std::mem::replace(&mut house.folder, tempfile::tempdir().unwrap())
    }

    /// Opens a door on what is in a folder already.
    pub(crate) async fn open_in(folder: tempfile::TempDir) -> Self {
        let page = folder.path().join("page");
        std::fs::create_dir_all(page.join("assets")).unwrap();
        std::fs::write(page.join("index.html"), "<title>the page</title>").unwrap();
        std::fs::write(page.join("assets/app.js"), "start()").unwrap();
        std::fs::write(folder.path().join("secret.txt"), "nobody's business").unwrap();
        let settings = Settings {
            workspace: folder.path().join("gantry.db"),
            executable: PathBuf::from("/nonexistent"),
            environment: std::iter::empty().collect(),
        };
        let app = gantry_boot::app(&settings).behind_a_door();
        let caller = Caller {
            name: "ann".into(),
            known: KnownBy::System,
        };
        let door = Door::open(Arc::clone(&app), caller, Page::Folder(page), 0).await;
        let door = door.unwrap();
        let address = door.address();
        let (place, token) = address.split_once("/?token=").unwrap();
        let port = place.rsplit_once(':').unwrap().1.parse().unwrap();
        let token = token.to_owned();
        let serving = tokio::spawn(async move { door.serve().await.unwrap() });
        Self {
            folder,
            app,
            port,
            token,
            serving,
        }
    }

    /// Opens the address and gives the cookie.
    pub(crate) async fn enter(&self) -> String {
        let answer = self.get(&format!("/?token={}", self.token), "").await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookie = answer.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Asks for a path, with lines of headers of the test's own.
    pub(crate) async fn get(&self, path: &str, headers: &str) -> Answer {
        let host = format!("Host: 127.0.0.1:{}\r\n", self.port);
        self.send(&format!("GET {path} HTTP/1.1\r\n{host}{headers}\r\n"))
            .await
    }

    /// Calls a command as the page does.
    pub(crate) async fn call(&self, cookie: &str, name: &str, arguments: &str) -> Answer {
        let origin = format!("http://127.0.0.1:{}", self.port);
        let headers =
            format!("Cookie: {cookie}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n");
        self.post(name, &headers, arguments).await
    }

    /// Calls a command that succeeds, and gives its answer.
    pub(crate) async fn ask(&self, cookie: &str, name: &str, arguments: Value) -> Value {
        let answer = self.call(cookie, name, &arguments.to_string()).await;
        assert_eq!(answer.status, 200, "{name} {arguments}: {answer:?}");
        answer.json()
    }

    /// Calls a command that is refused, and gives the code.
    pub(crate) async fn refused(&self, cookie: &str, name: &str, arguments: Value) -> String {
        let answer = self.call(cookie, name, &arguments.to_string()).await;
        assert_ne!(answer.status, 200, "{name} {arguments}: {answer:?}");
        answer.json()["code"].as_str().unwrap().to_owned()
    }

    /// Calls a command with headers of the test's own.
    pub(crate) async fn post(&self, name: &str, headers: &str, arguments: &str) -> Answer {
        let (port, length) = (self.port, arguments.len());
        self.send(&format!(
            "POST /api/call/{name} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Content-Length: {length}\r\n{headers}\r\n{arguments}"
        ))
        .await
    }

    /// Sends bytes and reads until the door closes the connection.
    pub(crate) async fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect().await;
        let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        // A door that refuses a body may close while it is still being sent.
        let _cut = stream.write_all(request.as_bytes()).await;
        let mut bytes = Vec::new();
        let _cut = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head: head.into(),
            body: body.into(),
        }
    }

    /// Connects, for what stays open.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }
}
