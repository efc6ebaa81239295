package io.odradek.server.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;

/** The brokers of a cluster, and those that are named by their ids. */
public final class Brokers {
    private Brokers() {}

    /** {@return the brokers that are up, by their ids} */
    public static SortedMap<Integer, Node> known(Admin admin) throws Exception {
        SortedMap<Integer, Node> known = new TreeMap<>();
        Answers.of(admin.describeCluster().nodes()).forEach(node -> known.put(node.id(), node));
        return known;
    }

    /** {@return the ids in a list such as {@code 0,1,2}, as they stand there} @param option where it was given */
    public static List<Integer> listed(String option, String given) {
        List<Integer> ids = new ArrayList<>();
        for (String each : given.split(",", -1)) {
            UsageException.when(
                    !each.strip().matches("\\d{1,9}"), "\"" + each + "\" in " + option + " is no id of a broker");
            ids.add(Integer.parseInt(each.strip()));
        }
        return ids;
    }

    /** @throws ToolException that names those that are not among the brokers that are up */
    public static void require(Collection<Integer> wanted, Collection<Integer> known) {
        TreeSet<Integer> absent = new TreeSet<>(wanted);
        absent.removeAll(known);
        if (!absent.isEmpty()) {
            throw new ToolException((absent.size() == 1 ? "There is no broker " : "There are no brokers ")
                    + text(absent) + "; there " + (known.size() == 1 ? "is " : "are ") + text(known));
        }
    }

    /** {@return ids as {@code 0,1,2}} */
    public static String text(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
