"""Tables, migrations and queries: one module of queries per aggregate. Rows in, rows out; no rules of the domain."""
