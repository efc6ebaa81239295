package io.odradek.server.junit;

/** How long a test's broker lives. */
public enum BrokerLife {
    /** From the first test of a class to its last, those of nested classes among them. */
    CLASS,
    /** For one test: each has its own. */
    METHOD,
    /** From the first test that needs it to the end of the run: all classes that ask for the same one share it. */
    RUN
}
