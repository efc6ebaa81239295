/** The module of an embedder, who asks for nothing but the broker and the client. */
module io.odradek.embedder {
    requires io.odradek.embedded;
    requires kafka.clients;
}
