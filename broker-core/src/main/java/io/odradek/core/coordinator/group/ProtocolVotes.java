package io.odradek.core.coordinator.group;

import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which assignors all members of a group support, and which of them the group uses. */
final class ProtocolVotes {
    private final Map<String, Integer> supporters = new LinkedHashMap<>();

    void add(List<JoinGroupRequestProtocol> protocols) {
        for (String name : names(protocols)) {
            supporters.merge(name, 1, Integer::sum);
        }
    }

    void remove(List<JoinGroupRequestProtocol> protocols) {
        for (String name : names(protocols)) {
            supporters.computeIfPresent(name, (any, count) -> count == 1 ? null : count - 1);
        }
    }

    /** A protocol that a member names twice is supported by one member all the same. */
    private static Set<String> names(List<JoinGroupRequestProtocol> protocols) {
        Set<String> names = new LinkedHashSet<>();
        for (JoinGroupRequestProtocol protocol : protocols) {
            names.add(protocol.name());
        }
        return names;
    }

    /** {@return whether one of the protocols is supported by all members} */
    boolean anySupportedByAll(List<JoinGroupRequestProtocol> protocols, int members) {
        for (JoinGroupRequestProtocol protocol : protocols) {
            if (supporters.getOrDefault(protocol.name(), 0) == members) {
                return true;
            }
        }
        return false;
    }

    /**
     * Each member votes for the first of its protocols that all support; the one with most votes wins, and of several the
     * one that was voted for first.
     *
     * @return its name, or null if there is no protocol that all support
     */
    String elect(Collection<Member> members) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member member : members) {
            for (JoinGroupRequestProtocol protocol : member.profile().protocols()) {
                if (supporters.getOrDefault(protocol.name(), 0) == members.size()) {
                    votes.merge(protocol.name(), 1, Integer::sum);
                    break;
                }
            }
        }
        String elected = null;
        for (Map.Entry<String, Integer> candidate : votes.entrySet()) {
            if (elected == null || candidate.getValue() > votes.get(elected)) {
                elected = candidate.getKey();
            }
        }
        return elected;
    }
}
