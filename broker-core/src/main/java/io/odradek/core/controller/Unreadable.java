package io.odradek.core.controller;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tree has and cannot be read. Any tool may have written it: it is left out, and no office ends because of it, as
 * the next one would find it too. It is met again with each reading, and said again when it is another thing that is wrong.
 * Belongs to the controller's loop.
 */
final class Unreadable {
    private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);
    private static final int MOST_REMEMBERED = 1_000;

    private final Map<String, String> said = new LinkedHashMap<>();

    /**
     * Says that a node is left out, unless that has been said.
     *
     * @return whether it was said
     */
    boolean leaveOut(String path, Throwable why) {
        String reason = Objects.toString(why.getMessage());
        if (reason.equals(said.remove(path))) {
            said.put(path, reason);
            return false;
        }
        said.put(path, reason);
        if (said.size() > MOST_REMEMBERED) {
            said.remove(said.keySet().iterator().next());
        }
        LOG.warn("{} cannot be read and is left out: {}", path, reason);
        return true;
    }
}
