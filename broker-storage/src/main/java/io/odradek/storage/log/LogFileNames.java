package io.odradek.storage.log;

import java.nio.file.Path;

/** The names of the files in a partition's folder: twenty digits of an offset, and what is kept. */
public final class LogFileNames {
    public static final String LOG = ".log";
    public static final String OFFSET_INDEX = ".index";
    public static final String TIME_INDEX = ".timeindex";
    public static final String TRANSACTION_INDEX = ".txnindex";
    public static final String PRODUCER_SNAPSHOT = ".snapshot";
    public static final String DELETED = ".deleted";
    public static final String CLEANED = ".cleaned";
    public static final String SWAP = ".swap";
    /** Before the number of the recovery that has left a file out of the log. */
    public static final String LEFT_OUT = ".left-out.";

    public static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    public static final String PARTITION_METADATA = "partition.metadata";

    private static final int DIGITS = 20;

    private LogFileNames() {}

    /** {@return the path of the file that belongs to an offset} */
    public static Path path(Path folder, long offset, String suffix) {
        return folder.resolve(name(offset, suffix));
    }

    /** {@return the name of the file that belongs to an offset} */
    public static String name(long offset, String suffix) {
        String number = Long.toString(offset);
        StringBuilder name = new StringBuilder(DIGITS + suffix.length());
        for (int i = number.length(); i < DIGITS; i++) {
            name.append('0');
        }
        return name.append(number).append(suffix).toString();
    }

    /** {@return the offset that a name starts with, or -1 if it is not twenty digits and a dot} */
    public static long offset(String name) {
        if (name.length() <= DIGITS || name.charAt(DIGITS) != '.') {
            return -1;
        }
        long offset = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9 || offset > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            offset = offset * 10 + digit;
        }
        return offset;
    }

    /** {@return whether a name is an offset and exactly this suffix} */
    public static boolean is(String name, String suffix) {
        return name.length() == DIGITS + suffix.length() && name.endsWith(suffix) && offset(name) >= 0;
    }
}
