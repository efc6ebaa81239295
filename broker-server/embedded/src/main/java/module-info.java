/**
 * A broker inside this JVM, with all that it consists of: {@code requires io.odradek.embedded} is enough. What it shares with
 * kafka-clients, the codecs, it finds wherever that has them, on the module path or the class path.
 */
module io.odradek.embedded {
    requires java.logging;
    requires java.security.sasl;
    requires jdk.unsupported;
    requires org.slf4j;

    exports io.odradek.core.config;
    exports io.odradek.server.embedded;
    exports io.odradek.server.inspect;
}
