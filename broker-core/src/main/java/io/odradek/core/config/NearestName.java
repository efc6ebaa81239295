package io.odradek.core.config;

/** The name that somebody may have meant who wrote another one. */
public final class NearestName {
    /** One typing error for so many letters, and two at least: a letter left out, doubled, or taken for its neighbour. */
    private static final int LETTERS_FOR_AN_ERROR = 8;

    private NearestName() {}

    /** {@return the known name that is meant most likely, or null: with few typing errors, or with what a topic's name leaves out} */
    public static String to(String name, SettingTable table) {
        String nearest = null;
        int fewest = Math.max(2, name.length() / LETTERS_FOR_AN_ERROR) + 1;
        String longer = null;
        for (Setting setting : table.all()) {
            int errors = errors(name, setting.name(), fewest);
            if (errors < fewest) {
                fewest = errors;
                nearest = setting.name();
            }
            if (longer == null && setting.name().endsWith("." + name)) {
                longer = setting.name();
            }
        }
        return nearest == null ? longer : nearest;
    }

    /** {@return letters added, left out, changed, or exchanged with their neighbours; {@code enough} if there are as many} */
    private static int errors(String one, String other, int enough) {
        if (Math.abs(one.length() - other.length()) >= enough) {
            return enough;
        }
        int[] beforeLast = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same = one.charAt(i - 1) == other.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return Math.min(enough, last[other.length()]);
    }
}
