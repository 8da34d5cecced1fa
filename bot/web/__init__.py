"""Pages and interfaces for staff and for the operations centre, served by the assistant itself."""
