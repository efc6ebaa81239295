/** The module of an embedder's tests: what they name of the broker, of the client and of JUnit, and no more. */
open module shop.tests {
    requires io.odradek.embedded;
    requires kafka.clients;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;
    // For the program that runs them here, which a build tool would bring.
    requires org.junit.platform.launcher;
}
