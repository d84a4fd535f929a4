package asanpardakht

import "context"

// Verify accepts the money of a paid transaction. It must come within about
// 30 minutes of the payment: later, the gateway gives the money back by itself.
// AlreadyDone and Reversed tell the two definite refusals that matter.
func (c *Client) Verify(ctx context.Context, tranID int64) error {
	return c.step(ctx, Verify, tranID)
}

// Settlement asks for the transfer of a verified transaction to our account.
func (c *Client) Settlement(ctx context.Context, tranID int64) error {
	return c.step(ctx, Settlement, tranID)
}

// Reverse gives the money of an unverified transaction back to the payer. A
// verified one is refused (NeedsCancel): Cancel it first.
func (c *Client) Reverse(ctx context.Context, tranID int64) error {
	return c.step(ctx, Reverse, tranID)
}

// Cancel undoes a Verify, within about 15 minutes of it and before its
// Settlement. The money is not back yet: Reverse follows.
func (c *Client) Cancel(ctx context.Context, tranID int64) error {
	return c.step(ctx, Cancel, tranID)
}

func (c *Client) step(ctx context.Context, endpoint Endpoint, tranID int64) error {
	_, err := c.post(ctx, endpoint, struct {
		MerchantConfigurationID int64 `json:"merchantConfigurationId"`
		PayGateTranID           int64 `json:"payGateTranId"`
	}{c.config.MerchantConfigurationID, tranID})
	return err
}
