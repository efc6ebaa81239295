package io.odradek.core.controller;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tree has and cannot be read. Any tool may have written it: it is left out, which is said in the log, and no office
 * ends because of it, as the next one would find it too.
 */
final class Unreadable {
    private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);

    private Unreadable() {}

    static void leaveOut(String path, Throwable why) {
        LOG.warn("{} cannot be read and is left out: {}", path, why.getMessage());
    }
}
