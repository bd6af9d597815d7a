"""Which page a person sees, in which language, and what its button does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from shared.texts.catalogue import ACCEPTED, REJECTED, UNAVAILABLE, Catalogue, catalogue
from shared.texts.languages import FOLDER, languages
from shared.values.answer_error import FieldError
from shared.values.confirmation_token import Purpose, Token, TokenInvalid, Tokens
from shared.values.form import Form
from shared.values.link_view import LinkState, LinkView
from shared.values.localised import choose_language
from shared.web.page import (
    CodeInput,
    Mistake,
    Page,
    PageView,
    Press,
    Quote,
    WayOn,
    origin_of,
    render_page,
)

_POSTS_TO = {
    LinkState.CONFIRM: "/api/confirm",
    LinkState.ENTER_CODE: "/api/confirm",
    LinkState.WRONG_CODE: "/api/confirm",
    LinkState.TOO_MANY_CODES: "/api/confirm",
    LinkState.DECLINE: "/api/decline",
    LinkState.EXPIRED: "/api/renew",
    LinkState.WITHDRAW: "/api/withdraw",
}
_OPENED_AT = {
    Purpose.CONFIRM: "/api/confirm",
    Purpose.DECLINE: "/api/decline",
    Purpose.WITHDRAW: "/api/withdraw",
}


class Pages:
    """All pages of the app. `texts` is the folder of the catalogues."""

    def __init__(self, forms: Mapping[str, Form], tokens: Tokens, texts: Path = FOLDER) -> None:
        self._forms = forms
        self._tokens = tokens
        self._texts = texts

    # After a link in a mail --------------------------------------------------------------

    def link(self, view: LinkView, token_text: str, accept_language: str | None) -> Page:
        """The page of a link's state, in the language of its token.

        `token_text` is echoed only behind a button, which only a valid token has.
        `accept_language` is the header; it counts when the link is not ours.
        """
        form, language = self._behind(view.token, accept_language)
        texts = self._texts_in(language)
        action = _POSTS_TO.get(view.state)
        press = None
        if action and view.token:
            wrong = view.state is LinkState.WRONG_CODE
            label = texts.pages[view.state].label
            code = CodeInput(label=label, wrong=wrong) if label else None
            press = Press(action=action, token=token_text, code=code)
        way_on = None
        if form and not press:
            gone = view.state is LinkState.GONE
            label = texts.pages[view.state].button if gone else None
            way_on = WayOn(
                url=form.company.website,
                text=label or texts.frame.back_to_website,
                is_main=gone,
            )
        return render_page(
            PageView(
                name=view.state,
                language=language,
                texts=texts,
                form=form,
                press=press,
                way_on=way_on,
                quotes=tuple(
                    Quote(text=consent.text, language=consent.language) for consent in view.consents
                ),
            )
        )

    def link_unavailable(
        self, purpose: Purpose, token_text: str, accept_language: str | None
    ) -> Page:
        """Storage did not answer: "try again" opens the link once more, and changes nothing."""
        try:
            token = self._tokens.read(purpose, token_text)
        except TokenInvalid:
            return self.link(LinkView(state=LinkState.NOT_VALID), token_text, accept_language)
        form, language = self._behind(token, accept_language)
        again = f"{_OPENED_AT[purpose]}?{urlencode({'token': token_text})}"
        return self._with_way_on(UNAVAILABLE, form, language, again)

    # After a plain HTML form post ----------------------------------------------------------

    def accepted(self, form: Form, language: str) -> Page:
        """Asks the person to check the inbox; the same, whoever signed up."""
        texts = self._texts_in(language)
        way_on = WayOn(url=form.company.website, text=texts.frame.back_to_website)
        return render_page(
            PageView(name=ACCEPTED, language=language, texts=texts, form=form, way_on=way_on)
        )

    def form_unavailable(self, form: Form, language: str, page_url: str | None) -> Page:
        """The queue did not take it: nothing was accepted, please send the form again."""
        return self._with_way_on(UNAVAILABLE, form, language, _way_back(form, page_url))

    def rejected(
        self, form: Form, language: str, errors: Sequence[FieldError], page_url: str | None
    ) -> Page:
        """What has to be corrected, with a way back to the page that the form is on."""
        sentences = self._texts_in(language).errors
        mistakes = tuple(
            Mistake(
                label=_label(form, language, error.pointer),
                sentence=sentences[error.code].format(limit=error.limit),
            )
            for error in errors
        )
        return self._with_way_on(REJECTED, form, language, _way_back(form, page_url), mistakes)

    # ---------------------------------------------------------------------------------------

    def _with_way_on(
        self,
        name: str,
        form: Form | None,
        language: str,
        url: str | None,
        mistakes: tuple[Mistake, ...] = (),
    ) -> Page:
        texts = self._texts_in(language)
        way_on = None
        if url:
            way_on = WayOn(url=url, text=texts.pages[name].button or "", is_main=True)
        elif form:
            way_on = WayOn(url=form.company.website, text=texts.frame.back_to_website)
        return render_page(
            PageView(
                name=name,
                language=language,
                texts=texts,
                form=form,
                way_on=way_on,
                mistakes=mistakes,
            )
        )

    def _behind(self, token: Token | None, accept_language: str | None) -> tuple[Form | None, str]:
        """The token's form, if it still exists, and the page's language."""
        if token is None:
            return None, choose_language(accept_language, languages(self._texts))
        form = self._forms.get(token.form)
        offered = form.languages if form else languages(self._texts)
        return form, choose_language(token.locale, offered)

    def _texts_in(self, language: str) -> Catalogue:
        return catalogue(language, self._texts)


def _way_back(form: Form, page_url: str | None) -> str | None:
    """The page that posted, if it is on one of the form's own websites.

    A stranger can write any address there, and this page must not lead to it.
    """
    try:
        is_ours = page_url is not None and origin_of(page_url) in form.allowed_origins
    except ValueError:  # not even the shape of an address
        return None
    return page_url if is_ours else None


def _label(form: Form, language: str, pointer: str) -> str | None:
    """What the person knows the field by: its label, or the text beside a box."""
    section, _, name = pointer.removeprefix("/").partition("/")
    if section == "fields":
        return next((field.label[language] for field in form.fields if field.id == name), name)
    if section == "consents":
        return next((c.text[language] for c in form.consents if c.id == name), None)
    return name or None
