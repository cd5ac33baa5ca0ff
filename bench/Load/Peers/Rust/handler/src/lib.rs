//! The same answer as the other peers'.
use request::{Request, Response};
use std::collections::HashMap;

struct Greeting<'a> {
    message: &'a str,
    language: &'a str,
    count: u32,
}

#[no_mangle]
pub extern "Rust" fn handle(request: &Request) -> Response {
    if request.method != "GET" || request.path != "/hello" {
        return Response { status: 404, headers: HashMap::new(), body: Vec::new() };
    }
    let greeting = Greeting { message: "Hello, world", language: "en", count: 1 };
    let body = format!("{{\"message\":\"{}\",\"language\":\"{}\",\"count\":{}}}", greeting.message, greeting.language, greeting.count);
    let headers = HashMap::from([("content-type".to_string(), "application/json".to_string())]);
    Response { status: 200, headers, body: body.into_bytes() }
}
