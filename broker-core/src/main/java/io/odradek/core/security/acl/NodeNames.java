package io.odradek.core.security.acl;

/** What can be the name of a node of the cluster's tree. */
public final class NodeNames {
    private NodeNames() {}

    /** {@return whether a node may be called so: ZooKeeper refuses paths with other parts} */
    public static boolean legal(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean control = letter < ' ' || letter >= 0x7f && letter <= 0x9f;
            boolean halfOrPrivate = letter >= 0xd800 && letter <= 0xf8ff || letter >= 0xfff0;
            if (letter == '/' || control || halfOrPrivate) {
                return false;
            }
        }
        return true;
    }
}
