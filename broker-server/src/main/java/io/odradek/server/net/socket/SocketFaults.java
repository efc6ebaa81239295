package io.odradek.server.net.socket;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** What failed on a socket, in words for people: neither the name of a system call nor the number of its error. */
public final class SocketFaults {
    private static final Pattern SYSTEM_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: ");

    private SocketFaults() {}

    /** {@return what is wrong} */
    public static String words(Throwable fault) {
        String message = fault.getMessage();
        return message == null
                ? fault.getClass().getSimpleName()
                : SYSTEM_CALL.matcher(message).replaceFirst("");
    }

    /** {@return why no connection is accepted, and what to do} */
    public static String ofAccepting(Throwable fault) {
        String words = words(fault);
        return words.contains("Too many open files")
                ? words
                        + "; raise the limit of open files (ulimit -n) of the user that runs the broker. Connections wait"
                        + " until others have been closed, and those that are there are served"
                : words;
    }

    /** {@return why one cannot listen on an address} */
    public static String words(Throwable fault, InetSocketAddress address) {
        String words = words(fault);
        String host = address.getAddress().isAnyLocalAddress()
                ? "this machine"
                : address.getAddress().getHostAddress();
        if (words.contains("Address already in use")) {
            return "port " + address.getPort() + " is in use on " + host;
        }
        if (words.contains("Cannot assign requested address")) {
            return host + " is no address of this machine";
        }
        if (words.contains("Permission denied")) {
            return "port " + address.getPort() + " is not for this user to take";
        }
        return words;
    }
}
