-- Two roles: the owner migrates, the application reads and writes (`manage.py grant_application_role concord`).
-- Run once as a superuser, by psql 15 or newer, with both passwords in the environment.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv application_password APPLICATION_PASSWORD
CREATE ROLE concord_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE concord LOGIN PASSWORD :'application_password';
CREATE DATABASE concord OWNER concord_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE concord FROM PUBLIC;
