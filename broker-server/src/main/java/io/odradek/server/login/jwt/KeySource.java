package io.odradek.server.login.jwt;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a set of keys in JSON (RFC 7517) comes from. Thread-safe. */
interface KeySource {
    /**
     * {@return its text} It may block.
     *
     * @throws IOException if it cannot be had
     */
    byte[] read() throws IOException;

    /** {@return a file} @param mostBytes how long it may be */
    static KeySource file(Path file, int mostBytes) {
        return () -> {
            if (Files.size(file) > mostBytes) {
                throw new IOException("it is longer than " + mostBytes + " bytes");
            }
            return Files.readAllBytes(file);
        };
    }

    /** {@return an address} */
    static KeySource http(URI address, BoundedHttp http) {
        return () -> http.get(address);
    }
}
