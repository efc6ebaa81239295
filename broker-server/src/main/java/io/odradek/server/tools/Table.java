package io.odradek.server.tools;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a heading. To a file or a pipe each column is as wide as Kafka's tools make it, which scripts rely on; on a terminal
 * as wide as what is in it, and where a row would be too long for a line, the widest columns are cut.
 */
public final class Table {
    private static final int NARROWEST = 8;
    private static final String CUT = "…";

    private final List<String> heading;
    private final int[] leastWidths;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param heading the names of its columns
     * @param leastWidths how wide each column is at least, for programs
     */
    public Table(List<String> heading, int... leastWidths) {
        this.heading = List.copyOf(heading);
        this.leastWidths = leastWidths.clone();
        if (heading.size() != leastWidths.length) {
            throw new IllegalArgumentException(heading.size() + " columns have " + leastWidths.length + " widths");
        }
    }

    /** Adds a row. @param cells as many as there are columns */
    public void row(List<String> cells) {
        if (cells.size() != heading.size()) {
            throw new IllegalArgumentException("A row of " + cells.size() + " in a table of " + heading.size());
        }
        rows.add(List.copyOf(cells));
    }

    /** {@return whether there are no rows} */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Writes heading and rows. */
    public void print(Terminal terminal) {
        int[] widths = widths(terminal.isWatched() ? new int[leastWidths.length] : leastWidths);
        if (terminal.isWatched()) {
            fit(widths, terminal.columns());
        }
        printRow(terminal, heading, widths);
        for (List<String> row : rows) {
            printRow(terminal, row, widths);
        }
    }

    private int[] widths(int[] least) {
        int[] widths = least.clone();
        for (int column = 0; column < widths.length; column++) {
            if (least[column] == 0) {
                widths[column] = heading.get(column).length();
                for (List<String> row : rows) {
                    widths[column] = Math.max(widths[column], row.get(column).length());
                }
            }
        }
        return widths;
    }

    /** Takes from the widest column until a row fits a line, or nothing more can be taken. */
    private static void fit(int[] widths, int columns) {
        while (true) {
            int total = widths.length - 1;
            int widest = 0;
            for (int column = 0; column < widths.length; column++) {
                total += widths[column];
                widest = widths[column] > widths[widest] ? column : widest;
            }
            if (total <= columns || widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest] -= Math.min(total - columns, widths[widest] - NARROWEST);
        }
    }

    private static void printRow(Terminal terminal, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            if (terminal.isWatched() && cell.length() > widths[column]) {
                cell = cell.substring(0, widths[column] - 1) + CUT;
            }
            line.append(column == 0 ? "" : " ").append(cell);
            line.append(" ".repeat(Math.max(0, widths[column] - cell.length())));
        }
        terminal.line(terminal.isWatched() ? line.toString().stripTrailing() : line.toString());
    }
}
