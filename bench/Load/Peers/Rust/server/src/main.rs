//! server ADDRESS LIBRARY: a worker per core (tokio's own default), keep-alive, TCP_NODELAY.
use hyper::service::{make_service_fn, service_fn};
use hyper::{Body, Server};
use request::{Handle, Request};
use std::collections::HashMap;
use std::convert::Infallible;

async fn answer(handle: Handle, incoming: hyper::Request<Body>) -> Result<hyper::Response<Body>, Infallible> {
    let (head, body) = incoming.into_parts();
    let body = hyper::body::to_bytes(body).await.map(|bytes| bytes.to_vec()).unwrap_or_default();
    let query = head.uri.query().unwrap_or("").split('&').filter_map(|pair| pair.split_once('='));
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let request = Request {
        method: head.method.as_str().to_string(),
        path: head.uri.path().to_string(),
        query: query.map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        headers: headers.collect::<HashMap<_, _>>(),
        body,
    };
    let response = handle(&request);
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    Ok(builder.body(Body::from(response.body)).expect("the handler's headers are headers"))
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().expect("an address").parse().expect("an address such as 127.0.0.1:8080");
    let library = arguments.next().expect("a library");
    // Never unloaded: the function is used to the end of the process.
    let library = Box::leak(Box::new(unsafe { libloading::Library::new(library) }.expect("the library loads")));
    let handle: Handle = *unsafe { library.get::<Handle>(b"handle") }.expect("the library exports handle");
    let service = make_service_fn(move |_| async move { Ok::<_, Infallible>(service_fn(move |request| answer(handle, request))) });
    Server::bind(&address).tcp_nodelay(true).serve(service).await.expect("the server runs");
}
