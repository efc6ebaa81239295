package io.odradek.server.admin;

import io.netty.util.NetUtil;
import io.odradek.core.config.AdminListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names by which a browser may call. A page of somebody else's could have its own name lead here (DNS rebinding) and
 * would read what this machine may; such a name is none of these. An address is no name, and cannot be led anywhere.
 */
final class HostNames {
    private final Set<String> allowed = new HashSet<>();

    /** @param further names that an operator adds */
    HostNames(List<AdminListener> listeners, Collection<String> further) {
        allowed.add("localhost");
        for (AdminListener listener : listeners) {
            allowed.add(listener.host().toLowerCase(Locale.ROOT));
        }
        for (String name : further) {
            allowed.add(name.toLowerCase(Locale.ROOT));
        }
        try {
            allowed.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
        } catch (UnknownHostException nameless) {
            allowed.remove("");
        }
    }

    /** {@return whether one may call by what a request says in its header Host} */
    boolean allow(String host) {
        if (host == null) {
            return false;
        }
        String name = withoutPort(host.trim()).toLowerCase(Locale.ROOT);
        return allowed.contains(name) || NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
