/**
 * A broker inside this JVM, with all that it consists of: {@code requires io.odradek.embedded} is enough. What it shares with
 * kafka-clients, the codecs, it finds wherever that has them, on the module path or the class path.
 */
module io.odradek.embedded {
    requires java.logging;
    requires java.security.sasl;
    requires jdk.unsupported;
    requires org.slf4j;
    // Who uses the extension of JUnit has both.
    requires static kafka.clients;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.commons;
    // Who has meters kept in a registry has this.
    requires static micrometer.core;
    // Whose clients show signed tokens has this.
    requires static org.jose4j;
    // Who uses the annotation for Spring has these.
    requires static spring.beans;
    requires static spring.context;
    requires static spring.core;
    requires static spring.test;

    exports io.odradek.core.config;
    exports io.odradek.protocol;
    exports io.odradek.protocol.api;
    exports io.odradek.protocol.errors;
    exports io.odradek.server.embedded;
    exports io.odradek.server.inspect;
    exports io.odradek.server.junit;
    exports io.odradek.server.metrics;
    exports io.odradek.server.spring;

    opens io.odradek.server.spring to
            spring.core;
}
