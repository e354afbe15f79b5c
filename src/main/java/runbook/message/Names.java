package runbook.message;

/** Names of people as they type them: neither case nor blanks make another person. */
public final class Names {

    private Names() {}

    /** Without what cannot be seen at both ends, a no-break space or a control character too. */
    public static String typed(String name) {
        return name.replaceAll("^[\\p{Z}\\p{C}]+|[\\p{Z}\\p{C}]+$", "");
    }

    public static boolean same(String one, String other) {
        return typed(one).equalsIgnoreCase(typed(other));
    }
}
