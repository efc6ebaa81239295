package io.odradek.server.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under a heading. To a file or a pipe each column is as wide as Kafka's tools make it, which scripts rely on; on a terminal
 * as wide as what is in it, and where a row would be too long for a line, the widest columns are cut.
 */
public final class Table {
    private static final int NARROWEST = 8;
    private static final String CUT = "…";

    /**
     * A column.
     *
     * @param name its heading
     * @param leastWidth how wide it is at least, for programs
     * @param grows whether it is as wide as its widest cell; if not, only the rest of a row gives way to a cell that is wider
     */
    public record Column(String name, int leastWidth, boolean grows) {
        /** {@return a column as wide as its widest cell} */
        public static Column growing(String name, int leastWidth) {
            return new Column(name, leastWidth, true);
        }

        /** {@return a column of one width} */
        public static Column fixed(String name, int width) {
            return new Column(name, width, false);
        }

        /** {@return the last column, behind which there are no blanks} */
        public static Column last(String name) {
            return new Column(name, 0, false);
        }
    }

    private final List<Column> columns;
    private final boolean tabs;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table without rows. */
    public Table(Column... columns) {
        this(false, List.of(columns));
    }

    private Table(boolean tabs, List<Column> columns) {
        this.columns = columns;
        this.tabs = tabs;
    }

    /**
     * {@return a table without rows, whose columns grow and, for programs, end with a tab each} On a terminal that is too narrow
     * for the headings each row is a list of them.
     */
    public static Table ofTabs(String... headings) {
        return new Table(
                true,
                Arrays.stream(headings)
                        .map(heading -> Column.growing(heading, 0))
                        .toList());
    }

    /** Adds a row. @param cells as many as there are columns */
    public void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("A row of " + cells.length + " in a table of " + columns.size());
        }
        rows.add(List.of(cells));
    }

    /** Writes heading and rows. */
    public void print(Terminal terminal) {
        if (tabs && terminal.isWatched() && !rows.isEmpty() && headingsWidth() > terminal.columns()) {
            printLists(terminal);
            return;
        }
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = terminal.isWatched() ? widest(i, 0) : forPrograms(i);
        }
        if (terminal.isWatched()) {
            fit(widths, terminal.columns());
        }
        printRow(terminal, columns.stream().map(Column::name).toList(), widths);
        for (List<String> row : rows) {
            printRow(terminal, row, widths);
        }
    }

    private int headingsWidth() {
        return columns.stream().mapToInt(column -> column.name().length() + 1).sum() - 1;
    }

    private void printLists(Terminal terminal) {
        int width = columns.stream()
                .mapToInt(column -> column.name().length())
                .max()
                .orElse(0);
        for (List<String> row : rows) {
            if (row != rows.get(0)) {
                terminal.line("");
            }
            for (int i = 0; i < row.size(); i++) {
                String name = columns.get(i).name();
                terminal.line(
                        (name + " ".repeat(width - name.length()) + "  " + inOneLine(row.get(i))).stripTrailing());
            }
        }
    }

    private static String inOneLine(String cell) {
        return cell.replace('\n', '?').replace('\t', '?');
    }

    private int forPrograms(int index) {
        Column column = columns.get(index);
        return column.grows() ? widest(index, column.leastWidth()) : column.leastWidth();
    }

    private int widest(int index, int least) {
        int width = Math.max(least, columns.get(index).name().length());
        for (List<String> row : rows) {
            width = Math.max(width, row.get(index).length());
        }
        return width;
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
            widths[widest]--;
        }
    }

    private void printRow(Terminal terminal, List<String> cells, int[] widths) {
        boolean tabbed = tabs && !terminal.isWatched();
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            if (terminal.isWatched()) {
                cell = inOneLine(cell);
            }
            if (terminal.isWatched() && cell.length() > widths[column]) {
                cell = cell.substring(0, widths[column] - 1) + CUT;
            }
            line.append(column == 0 || tabbed ? "" : " ").append(cell);
            line.append(" ".repeat(Math.max(0, widths[column] - cell.length())));
            line.append(tabbed ? "\t" : "");
        }
        terminal.line(terminal.isWatched() ? line.toString().stripTrailing() : line.toString());
    }
}
