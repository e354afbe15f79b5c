-- The three roles of a migration, none of them a superuser, and a database that belongs to the first.
CREATE ROLE runbook LOGIN CREATEDB PASSWORD 'play';
CREATE ROLE app LOGIN PASSWORD 'play';
CREATE ROLE approver LOGIN PASSWORD 'play';
GRANT pg_monitor TO runbook;
CREATE DATABASE dev OWNER runbook;
