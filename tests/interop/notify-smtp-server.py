"""A real SMTP server (aiosmtpd) for one test: STARTTLS or TLS, AUTH required, mails as JSON lines on stdout."""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult

mode, cert, key, username, password = sys.argv[1:6]


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == username and data.password.decode() == password
    return AuthResult(success=good, handled=False, auth_data=data)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        if address.startswith("later@"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        parts = [
            {"type": part.get_content_type(), "name": part.get_filename(), "content": part.get_content()}
            for part in mail.walk()
            if not part.is_multipart()
        ]
        for part in parts:
            if isinstance(part["content"], bytes):
                part["content"] = part["content"].decode()
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(mail["subject"]),
            "messageId": str(mail["message-id"]),
            "defects": [str(each) for each in mail.defects],
            "tls": session.ssl is not None or mode == "tls",
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "parts": parts,
        }
        print(json.dumps(told), flush=True)
        return "250 OK"


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(cert, key)
    return made


def connection():
    tls = {"tls_context": context(), "require_starttls": True} if mode == "starttls" else {}
    return SMTP(
        Handler(),
        authenticator=authenticate,
        auth_required=mode != "none",
        auth_require_tls=mode == "starttls",
        **tls,
    )


async def serve():
    wrapped = context() if mode == "tls" else None
    server = await asyncio.get_running_loop().create_server(connection, host="127.0.0.1", port=0, ssl=wrapped)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(serve())
