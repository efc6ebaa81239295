package io.odradek.server.admin;

/** The JSON API. */
final class AdminApi {
    Answer answer(AdminRequest request, Life life) throws RefusedException {
        life.broker();
        return Answer.json(Json.object("version", 1));
    }
}
