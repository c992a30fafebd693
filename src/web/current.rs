//! By which door does a request come in? By the one that is there when it arrives: it keeps it to its end.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::web;
use parking_lot::RwLock;

use super::server::Door;

/// The door for new requests.
pub struct Current(RwLock<Arc<Door>>);

impl Current {
    pub fn new(door: Arc<Door>) -> Self {
        Self(RwLock::new(door))
    }

    /// Lets new requests in by another door.
    pub fn replace(&self, door: Arc<Door>) {
        *self.0.write() = door;
    }

    fn now(&self) -> web::Data<Door> {
        web::Data::from(Arc::clone(&self.0.read()))
    }
}

/// Gives a request its door.
pub fn enter(request: &mut ServiceRequest) -> Option<web::Data<Door>> {
    let door = request.app_data::<web::Data<Current>>()?.now();
    let mut own = Extensions::new();
    own.insert(door.clone());
    request.add_data_container(Rc::new(own));
    Some(door)
}
