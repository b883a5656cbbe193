// What modules say, in the language of the page. Its catalog is there before them where that is not English
// (templates/parts/shell/scripts.html); `make messages` collects the texts from the calls of gettext and ngettext.
const { django } = window;

export const gettext = django?.gettext ?? ((text) => text);
export const ngettext = django?.ngettext ?? ((one, more, count) => (count === 1 ? one : more));
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
