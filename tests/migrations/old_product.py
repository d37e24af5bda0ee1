"""A database as the client product left it: its own columns, its own rows, its own migrations."""

TABLES = {
    "users": "id, phone, email, name, hashed_password, city, updated_at",
    "devices": "id, user_id, title, colour",
    "support_tickets": "id, user_id, subject, status, priority",
    "support_messages": "id, ticket_id, author, body, created_at",
    "alembic_version": "version_num",
}
"""The tables with their columns."""

SCHEMA = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    phone varchar(20) NOT NULL,
    email varchar(120) NOT NULL,
    name text,
    hashed_password text NOT NULL,
    city text DEFAULT 'Москва',
    updated_at timestamp NOT NULL
);
CREATE TABLE devices (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title varchar(80) NOT NULL,
    colour text
);
CREATE INDEX devices_of_user ON devices (user_id);
CREATE TABLE support_tickets (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    subject varchar(200) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'new',
    priority integer NOT NULL
);
CREATE TABLE support_messages (
    id uuid PRIMARY KEY,
    ticket_id uuid NOT NULL REFERENCES support_tickets (id),
    author varchar(20) NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('theirs');
"""

ROWS = """
INSERT INTO users (id, phone, email, name, hashed_password, updated_at) VALUES
    ('10000000-0000-4000-8000-000000000001', '+79161112233', 'old@a.ru', 'Пётр Старый', '$2b$12$x', '2024-05-01 10:00'),
    ('10000000-0000-4000-8000-000000000002', '9164445566', 'older@a.ru', NULL, '$2b$12$y', '2024-05-02 10:00');
INSERT INTO devices VALUES
    ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'Чайник', 'белый');
INSERT INTO support_tickets VALUES
    ('30000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'Не работает', 'new', 3);
INSERT INTO support_messages VALUES
    ('40000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001', 'client', 'Помогите',
     '2024-05-03 10:00+00');
"""

WITH_NUMBERS = """
CREATE TABLE users (id serial PRIMARY KEY, phone varchar(20) UNIQUE);
CREATE TABLE support_tickets (id bigserial PRIMARY KEY, user_id integer REFERENCES users (id), subject text);
INSERT INTO users (phone) VALUES ('9161112233');
"""
"""The same product of an older year: ids are numbers."""
