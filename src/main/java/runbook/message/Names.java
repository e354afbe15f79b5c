package runbook.message;

import java.text.Normalizer;
import java.util.Locale;

/** Names of people as they type them: neither case nor blanks, nor the way in which accents are coded, make another. */
public final class Names {

    private Names() {}

    /** Without what cannot be seen at both ends, a no-break space or a control character too. */
    public static String typed(String name) {
        return name.replaceAll("^[\\p{Z}\\p{C}]+|[\\p{Z}\\p{C}]+$", "");
    }

    public static boolean same(String one, String other) {
        return plain(one).equals(plain(other));
    }

    private static String plain(String name) {
        String seen = Normalizer.normalize(name, Normalizer.Form.NFKC).replaceAll("\\p{C}+", "");
        return typed(seen.replaceAll("\\p{Z}+", " ")).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
