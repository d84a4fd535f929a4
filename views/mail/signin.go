package mail

import "pishkhan/internal/i18n"

// SigninSMS brings the code to sign in with. It stands on a line of its own
// in Latin digits, where phones find it to fill it in.
func SigninSMS(lang i18n.Lang, code string) string {
	return lang.T("mail.signin.code") + "\n" + code + "\n" + lang.T("mail.signin.nobody") + "\n" + lang.T("mail.signature")
}
