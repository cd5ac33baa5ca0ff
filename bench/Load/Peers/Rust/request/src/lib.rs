//! What server and handler share; both are built by the same compiler, as such gateways ask for.
use std::collections::HashMap;

/// A request as the handler gets it: owned texts, as it is handed to plug-ins.
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: HashMap<String, String>,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// What the handler answers.
pub struct Response {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// The handler's exported function.
pub type Handle = extern "Rust" fn(&Request) -> Response;
