"""English: what takes a find back that lies within it: the same words in another sense, negated or only supposed."""

from __future__ import annotations

from outreach.domain.intents import Intent

VETOES: dict[Intent, str] = {
    Intent.VULNERABLE_CRISIS: """
        he/she/they took his/her/their own life
        took his/her/their ~1 life
        not ~2 suicidal/depressed/killing
        kill/killing me/you laughing?
        economic/great depression
        depressing
        <thing> ~3 depress*/die/dead/dying
        live/living ~1 for friday
        cut/cutting myself off
        dying laughing
        trustee/moratorium
        if i ~2 understand ~3 money
        not/cant/cannot/unable/doesnt ~3 understand ~3 why/how/what ~4 money/anything
        cant/cannot/couldnt take ~2 call/calls/it_off
        do/take ~2 payments anymore
        without_me ~1 knowing
        dont_want_to ~1 live ~1 in/with/at/on/like
        drive ~2 over
        <lawyer> ~2 terminal
    """,
    Intent.BANKRUPTCY: """
        not/never/isnt/arent/wasnt/havent/hasnt/no/dont/wont/didnt ~3 bankrupt*/bankruptcy/insolvent
        bankrupt lol/haha/lmao
        morally/almost/nearly/practically/basically/virtually/close_to/near ~1 bankrupt
        bankrupting/bankrupted me/us
        make/makes/making/made ~2 bankrupt
        will/would/going_to/gonna/could bankrupt me/us
        you/yall ~3 bankrupt
        avoid/avoiding/instead_of/rather_than/before_i/trying_not_to ~3 bankruptcy/bankrupt
        discharged ~2 hospital/army/navy/er/rehab/service/military/marines/icu
        army/navy/military/marines/hospital discharge*
        honorabl* discharge*
        dmv/school/church/student trustee
        chapter # ~2 book
        i ~2 book chapter
        burger_king/bk_lounge
    """,
    Intent.DECEASED: """
        <thing> ~1 died/dead/dies ~1 yesterday/today/last/this/on/in/from ~1
        <thing> ~3 died/dies/dead/passed/gone/is_dead/was_dead/been_dead
        dead/died/dying <thing>/battery/end/line/serious/tired/broke/wrong/zone/spot/ass/weight/bolt/giveaway/silent/asleep/to_me/beat/on_my_feet/last_night_my
        my ~1 <thing> ~2 dead/died
        im/i_am/we_are/youre/you_are ~1 dead/dying/dead_lol
        not/isnt/never/aint/wasnt ~1 dead/deceased/gone/died/passed
        almost/nearly/could_have/about/practically/half died/dead/die/passed
        still alive
        drop/played/playing/play/knock_em/over_my dead
        dead in_the_water
        real/council estate
        estate agent/agents/car/sale/sales/wagon
        passed the/my/a/an ~2 test/inspection/exam/class/interview/deadline/smog
        passed ~1 by/it/out/inspection/test/kidney/this/along/your/over/to/down
        <he>/<kin> ~1 gone/passed ~1 to_work/work/shopping/out/today/home/for_the_day/on_vacation/back/away_for
        wish/better_off/rather_be/might_as_well_be/as_good_as/wanna_be/want_to_be/ill_be/want ~2 dead
        late <kin>/payment/fee/fees ~1 pickup/fee
        you/yall/u ~2 dead
        my ~2 died_on_me
        rip off/offs/it
        lost ~2 <kin> ~1 number/phone/job/card/check/email/insurance/income/money/house/job/wallet
        lost my son_of
        <kin> ~1 lost ~2 job
        to_die_for
        when i_am dead
        widow_maker
        life ~1 insurance
        died laughing/down/of_laughter/of_embarrassment
    """,
    Intent.ATTORNEY: """
        attorney/attorneys general
        district/city/states/prosecuting/us attorney/attorneys
        <friend> is/was/used_to_be/works_as/studies_to_be/wants_to_be ~2 <lawyer>
        <friend> works ~3 <lawyer>
        <lawyer> friend/buddy/neighbor/cousin/friends
        not/no/never/dont/didnt/without/havent/havent_got/aint/isnt/arent/wont/doesnt/cant/couldnt/cannot ~4 <lawyer>
        i/we/im/if/you/yall ~3 might/may/will/ill/gonna/going_to/should/thinking/thinking_of/thinking_about/consider/considering/looking_for/looking_into/about_to/need_to/have_to/could/can/want_to/if_i_have_to/need/would ~2 get/getting/hire/hiring/call/calling/find/finding/contact/contacting/retain/see/consult/talk_to/talking_to/speak_to/speak_with/consult_with/seek/afford/be/need a/an/some/one_of_those? ~2 <lawyer>
        ill/i_will/will/should get/hire/call/find/contact/retain ~1 <lawyer>
        should/if/need/do i/we/you ~2 <lawyer>
        your/ur ~1 <lawyer>
        work/works/worked/working ~2 for/at/in ~2 <lawyer>
        are_you/r_you/are_u/is_this/is_it/you_are/is_he/youre ~3 <lawyer>
        cheaper/than/like/become/becoming/law_school ~2 <lawyer>
        hear/hearing from my_lawyer_soon
        student_loan advocate
        devils_advocate/consumer_advocate/patient_advocate
        attorneys/attorney fees
    """,
    Intent.CEASE_ALL: """
        not/wont/never/refuse/refusing/refused/aint/no_intention ~5 pay/paying/payment/pay_you/pay_this/to_pay/anything ~5 until/till/unless/before/without/til
        <dont>/stop ~4 <contacting>/<calling>/<writing> ~6 at/my ~1 <work>/attorney
        <dont>/stop/no/never ~5 <contacting>/<calling>/<writing> ~4 before/after/between/during/until/past/early/late/on/in_the/at ~2 #/<time>/church/class/am/pm
        <dont> ~2 <contacting> ~4 by/via/through/over/on ~1 text/email/phone/sms/mail/e-mail/call/texts/whatsapp/cell
        <dont>/stop ~4 <calling>/<writing>/<contacting> ~3 my ~1 <kin>/friends/neighbors/references/family
        dont/not refuse
        wont_pay/not_paying/not_pay/wont_be_paying/not_be_paying ~3 <day>/late/on_time/attention/today/in_full/all/everything
        not/wont/never ~2 get ~2 money ~2 <day>
        paying attention
        dont/cant/couldnt/didnt ~2 contact ~1 you/them/anyone/anybody/your/the
        didnt/havent/hasnt/nobody/never_had/you_never/no_one/never_have ~3 <contacting>
        no communication from
        harass/harassing/harassment
        leave ~2 alone the
        not/dont want ~1 to go_away
        i_am_not_going_anywhere
        any_means ~1 necessary
        not pay ~2 interest/fees/fee/late
        sue_me ~1 for
        are/will you ~2 sue_me
        going/gonna/want/trying/try/threaten* ~2 sue_me
        refuse/refused ~2 my ~1 payment
        not_paying ~2 # ~1 fee
        not/never ~2 get ~2 single text/email/letter/bill/message
        stop/dont <contacting>/<calling>/<writing> ~2 or ~1 i/ill/i_will ~6
    """,
    Intent.WRONG_NUMBER: """
        who_is/whos this/it/that/calling/texting/messaging/the/your/my/emailing/contacting/in/asking/responsible/there/handling/writing
        im/i_am/we_are/this_is/it_is/its/i not/isnt able/sure/paying/going/interested/happy/ready/working/late/home/available/responsible/the_one/in/at/on/doing/trying/a
        wrong ~1 amount/balance/date/time/address_on/account/with_you/day/way/bank/card/info/information/with
        wrong address ~3 card/bill/letter/payment
        not here ~1 until/till/today/right_now/now
        no_longer/not/dont/doesnt/isnt live/living/work/works/working/stay ~2 with_my/together/full_time/as_much/out/on/for_me/well/right/properly/correctly/nights
        i/we/im dont/no_longer/not/doesnt ~1 work/works/working/live/working_there ~1 there/here/at/with/in
        i no_longer/dont ~1 have/work/live/working
        link/website/site/card/app/page/number/it/this/that/button/login/plan doesnt/not/isnt/dont/wont ~1 work/working/works
        not ~1 mr ~1 money*
        wasnt/wrong one ~1 $
        new_number/new_phone ~1 is #
        my new number/phone ~1 is
        update/change/changed/updated ~2 number/phone/email/address
        this_is/im/i_am his/her/their attorney/lawyer
        is_this/are_you ~3 business/company/office/store/bank
        got this ~2 email/number/letter ~2 from
        i_am/im/this_is ~1 <kin> of/and ~3 power
        not_him/not_her ~2 fault
        know/knew ~3 what
        dont_know_you
    """,
    Intent.IDENTITY_THEFT: """
        not/isnt/no/wasnt ~3 fraud/theft/identity/stolen
        is_this/are_you/sounds_like/looks_like/you_are/youre/this_is/its/it_is ~2 a? fraud
        fraud_department/fraud_alert_text
        used ~1 my name ~2 in/when/to_call
        my wallet ~2 stolen/lost
    """,
    Intent.DISPUTE: """
        not/dont/never/didnt/wont/isnt ~3 dispute/disputing/disputed
        never said ~2 dispute ~1
        not/no/dont/never/didnt/without/isnt/arent/wont/cant ~4 dispute/disputing/disputed/contest/contesting/disputes
        not/never/dont ~2 deny/denying/saying ~3 owe
        dont/didnt/not ~2 owe ~2 much/that_much_longer
        know/think/agree/admit/aware i ~1 owe
        dont_know_how_much/how_much ~3 owe/owed
        how_much ~2 i_owe/do_i_owe
        who ~4 i ~2 owe/owed/owing ~1 this? ~1 money? ~1 to/originally
        who/what_company/whom/which ~2 do_i/did_i/i ~1 owe/owed
        didnt/dont/havent/never get/got/receive/received/had/have ~1 paid/my_check/my_paycheck/time/money/chance/enough/the_money/any_money/a_job/it_yet/your_call/your_message/the_link/job/income/work/a_chance/cash
        never/didnt/havent/not/dont agreed/agree/signed/sign/authorize/opt/opted/asked/gave/given ~5 texts/texting/messages/emails/calls/text/email/message/consent
        never/didnt/havent been/was/got/had ~3 this_broke/unemployed/so/sick
        never/didnt/havent got/get/received/receive ~3 link/email/letter/text/code/confirmation/receipt/reply/response/call/callback/check/stimulus/unemployment
        havent/didnt go/went/been ~2 anywhere/to_work/well/paid
        have/had ~1 late_fee/late_fees
        paid ~3 off my ~1 car
        get/got/gets/getting/not/until/when/be/been/havent/being/wasnt ~1 paid ~6
        will/can/could/gonna/going_to/ill ~2 paid/pay ~4
        waive/cancel/remove/drop/reduce/lower/forgive/take_off ~4 fee/fees/interest/penalty
        not ~1 mine_to ~1 decide
        not my ~2 fault/best/day/night/intention/plan/choice/number/phone/name/email
        wrong number/person/no/guy/email/address/day/time/link
        need/want/send/get ~2 proof/evidence/statement/receipt/letter ~2 of? payment/paid
        proof/documentation/evidence/statement ~4 income/hardship/payment/disability/death/unemployment/deployment/i_paid/orders/paid
        never/wasnt/didnt/havent late/miss/missed a? payment? before
        scam/bogus ~1 likely? text?
        see/view/where/how/find/get/check ~4 my/the statement/balance
        when/where ~3 send/mail ~2 payment
        what_do_i_owe/how_much_is/what_is_the_balance
        never/didnt/havent heard ~1 of/from
        statement ~2 online/email/by_email
        have_never ~1 had ~1 money
        didnt/dont/cant get ~1 time/chance/through/it
        is_this/are_you/looks_like ~2 scam
        i_know ~3 owe
        never_did ~1 drugs
        didnt_use ~1 to
        didnt/dont take ~2 vacation/calls
        why/how/what ~5 fee/fees ~2 card/paying/online
        is_there ~2 fee
    """,
    Intent.OPT_OUT_CHANNEL: """
        no need to stop
        dont/do_not stop ~1 sending/texting/the/my ~3
        bus/stop stop/sign/light/lights
        stop light/lights/sign/signs
        bus/train/truck/pit/tram/next/short/full/rest/subway/metro/traffic/whistle/first/last stop/stops
        stop by/in/at/over/past/on/sign/signs/light/lights/off/for/here/payment/payments/watch/gap/loss/working/worked/paying/being/saying/crying/thinking/worrying/interest/garnish*/the_garnishment/the_plan/my_plan/the_payment/my_payment/the_payments/my_payments/the_interest/the_fees/autopay/auto_pay/my_autopay/the_autopay/the_process/at_your/it_from/charging/adding/lying/the_late/the_clock/smoking/drinking/raising/fees/collection/selling/trying/lights/and_smell/work/my_car/asking_me_for_proof/garnishing/taking_money/debiting/withdrawing/the_automatic/automatic/my_automatic/my_direct/getting_paid/shipping/service/my_service/loss/being_rude
        dont/no_need_to/never/didnt/wont/not/cant/without/doesnt/wouldnt/couldnt/do_not/havent/please_dont ~2 stop/quit/cancel/unsubscribe/end/stopping/revoke
        no need ~2 stop/unsubscribe/cancel
        how ~5 stop/unsubscribe/opt_out/optout/cancel
        how ~5 stop ~3 <writing>/<texts>/getting/receiving/these/this
        if/unless/when/before/until/till/does/did/do/would ~5 stop/quit/cancel/end ~1 paying/working/the/my/at/in/by/coming
        i/we/he/she/they/ill/well/gonna/will/can/it/just/store/people/who/that/have/had/to/police/would/company/you ~2 stopped
        i/we/ill/gonna/will/can/could/let_me/ima/imma/going_to/plan_to/want_to/about_to/had_to/have_to/need_to ~2 stop/quit/end/cancel ~1 working/my/the/at/by/in/to/for/there/over/on_over/smoking/up/a/it_up
        i/ill/gonna/will/can/could/let_me ~1 stop
        quit my/the_job/job/working/smoking/drinking/paying/a_job/his/her/playing/at/lying/being/your_job/small/small_talk
        the/small/your small_talk
        i/he/she/we/just/had_to/have_to/to ~1 quit
        end of/the_call/in/the_month/up/result/date/point/game/user/table/my_plan/the_plan/my_contract/my_lease/my_service/one/to_end
        dead/week/month/year/rear/other/at_the/in_the/to_the/by_the/the/high/low/back/front/loose/plan/lease/contract/until_the/my end
        end ~1 of ~3 month/week/year/day/story
        cancel my/the/a/payment/payments/that/this_payment/plan/order/card/account/service/it_and/autopay/auto_pay/late/interest/fee/fees/arrangement/scheduled/appointment/tomorrow/#/friday/monday/one/both/an/your
        cancel ~3 payment/payments/fee/fees/plan/interest/autopay/arrangement/appointment/charge/charges/debt/contract/service
        can/could/can_i/how/where/should/want_to/did/do/to/i ~2 cancel ~4 ?
        revoke/revoked/revoking/withdraw ~2 license/card/plan/my_offer/offer/money/funds/payment/dispute/cash
        revoked license
        withdraw ~4 from ~2 bank/account/atm/401k
        block/blocked/blocking/blocks ~3 my_card/my_account/account/card/payment/party/from/away/down/website/site
        <dont>/stop ~5 <contacting>/<calling>/<writing>/sending/send/text/email ~6 at/my/to ~2 <work>
        <dont>/stop/no/never ~5 <contacting>/<calling>/<writing>/sending/send ~5 before/after/between/during/until/past/till/too_early/so_early/this_early/then/this_late/so_late/while ~3 #/<time>/early/late/am/pm/then/i_am/im/class/church
        <dont>/stop/no/never ~5 <contacting>/<calling>/<writing>/sending/send/them ~4 on/in_the/at/at_night ~2 <time>/#
        dont/stop/no <writing>/<calling> ~1 then/now/this_early/so_early/this_late/so_late/so_much_so/yet
        dont/not/no/cant ~2 call/calls/calling/phone/phone_calls ~4 text/email/message/texts/emails/texting/write/mail/letter/letters/whatsapp ~2 me/please/instead/only/is/are/$
        text/email/message/write/emails/texts/texting/mail/letters/messages ~6 no/not/dont/but_no/but_not ~2 calls/call/phone/calling/phone_calls
        no phone calls/call
        prefer/rather ~4 not? ~3 calls/phone
        dont/cant/not/didnt/doesnt/never/couldnt/cannot/wont ~2 <writing>/<calling>/send ~1 you/back/yall/u/it_back/them/the_payment/money/payment/that_much/your/everything_in/everyone/anyone/proof/#/him/her/well/english/in/my_order
        why_dont/why_not ~6
        didnt/havent/hasnt/never/not ~2 get/gotten/received/receive/got/seen/see/sent/sending ~3 <texts>/link/call/calls
        didnt/havent/not/never/dont ~2 get ~4 until/yet
        you ~2 dont/didnt/never/havent/not ~2 <writing>/send/call/sent/called/<calling> ~4 me? ~4 back/anything/statement/bill/proof/bills/statements/letters/notice/contract/documents
        no/not ~1 reminder/message/email/letter ~2 received/came/arrived/until
        not/dont <calling> you ~2
        not <calling> ~1 a? liar
        call/calling ~2 liar
        dont call me a/names/crazy/that
        not worth ~3
        if_i_dont
        not sending money/payment/anything ~4 until/till/without/unless/proof
        not send/sending ~2 # ~2
        dont send ~4 court/collections/collection/lawyers/lawyer/credit/police/agency/to_my_work/to_work/letters_to_my/anyone/someone/people/attorney
        never/dont/not ~1 <calling> ~1 ahead
        not want ~2 be ~2 late
        remove ~2 this/it/the/my_name/that ~4 from ~2 credit/report/bureau/bureaus
        remove ~4 fee/fees/interest/charge/charges/item/late/hold/penalty
        remove ~2 it
        take ~4 off ~3 credit/report/balance/total/amount/bill/record/work/fees/my_bill
        take/taking ~3 off ~2 interest/fee/fees
        get ~1 off ~1 work/at/early/phone_with
        off/out ~1 work/of_work
        want/need/like ~1 out
        cut/hours cut
        want/need/dont_want/no ~4 call ~1 back
        spam folder/filter/box
        in/junk mail/folder
        is_this/are_you/this_is ~2 spam
        junk
        told/tell ~3 no ~2 problem/one
        say/said/told/tell/asked/ask/reply ~4 no ~2
        dont/not/didnt/do_not ~2 want/need/like/care ~4 <lawyer>/trouble/problem/problems/payment
        no/not ~4 late_fee/late_fees/interest
        dont_have ~2 permission/authorization ~2 pay
        turn_off/shut_off ~3 service/lights/power/water/phone/gas/electricity
        sick_of/tired_of/fed_up ~4 being/this_debt/waiting/living/life
        no/not ~4 letters? in_the_mail
        no <texts>/spam ~1 received/until/from_you/came
        dont_use/dont_have/dont_check/dont_read/dont_see/cant_read/cant_open/cant_see/never_got/didnt_get/didnt_see/dont_get ~3 <texts>
        dont/no/not ~2 get/have/see ~2 text/texts/email/emails/messages ~3 phone/here/signal/data
        make ~1 sure ~3 stop
        one_stop
        non_stop/nonstop/without_stop
        stop_and_go/stop_sign
        that_is/thats enough ~1 for/to/money
        no/not enough ~4
        please_no_more ~1 fees/interest
        quit ~1 claim
    """,
    Intent.COMPLAINT_LEGAL_THREAT: """
        not/no/dont/never/isnt/wont/without ~3 complaint/complaining/complain/sue/suing/harass*/illegal/lawsuit
        will/are/can/going_to/gonna/do/would/if/please_dont/dont/you/u/yall ~2 you/yall/u/to/they? ~2 sue/suing me/us
        report/reported/reporting/reports ~4 credit/bureau/bureaus/income/to_duty/to_work/for_duty/experian/equifax/transunion
        police report
        reporting ~2 duty/work/base
        sue ~1 sue
        sue me
        illegal ~1 interest/fees/fee
        jury_duty
        traffic/parking/speeding violation/ticket
        no_complaints/cant_complain
        my_name_is sue
        dispute ~3 violation
    """,
    Intent.BREATHING_SPACE_DEBT_ADVICE: """
        can/do/could/will/would/does you/u/your/company ~4 debt/credit ~1 relief/consolidation/counseling/settlement/advice
        no/not/dont/never/without ~4 debt/credit ~1 counselor/advice/counseling/relief/settlement
        settlement offer/amount
    """,
    Intent.MILITARY_SCRA: """
        not/no/never/isnt/dont/wasnt ~3 army/navy/military/deployed/active_duty/marines/servicemember
        salvation/old army/navy
        money/mail/back/food/takeout/postal/work/court/standing/restraining/delivery/online orders
        orders ~1 from ~2 store/amazon/doctor
        got/have/received ~3 food/restraining/court/back orders
        ex/retired/former/was/veteran ~2 soldier/marine
        security/crossing/prison/mall/life/guard ~1 guard/duty/job
        guard ~1 dog
        retired ~2 from ~2 army/navy/military/marines/air_force
        was/used_to_be in the? army/navy/military/marines
        air_force one/ones
        navy federal
        navy/army blue/green
    """,
    Intent.NO_WORK_CONTACT: """
        call/calls/text/texts/contact ~3 at_work ~1 is? fine/ok/okay
        you_can/can/please/feel_free call/text/email me? at ~1 work
        lost/losing/lose my job ~2 because/because_of ~2 covid/the/company/my/of_covid/layoffs/cutbacks/downsizing/i
        cost ~2 my job ~2
        got/getting/was fired ~3 because/for/this ~2 morning/week/covid/i/month/late/my/being
        fired ~2 last/in/on/yesterday/today/week/month
        call/contact ~1 my manager/supervisor/boss ~2 account/plan
        let_me/can_i/speak ~3 to/with ~3 manager/supervisor
        your ~1 <work>
        office/business ~1 hours
        cant/dont/wont ~1 work
        <calling>/call/contact/contacting/called ~2 your/the/an ~1 <work>
        sent/send/sending ~3 from/to_your ~1 <work>
    """,
    Intent.CHANNEL_PREFERENCE: """
        only <writing>/<calling> ~1 after/before/between
        text/email/call/mail/letter/texting/calls/texts only/just ~2 once/one/came/said/today/yesterday/makes/when
        only/just ~2 got/get/saw/received/have/seen ~4 text/email/mail/call/letter/texts/emails
        your/this/that/the/an/a/got/received/last/previous email/text/letter/mail/call/message/texts/emails ~3
        received/got/sent/send/pay/paid/paying/payment/promise/check/money ~6 by/via/over/in/through ~1 phone/mail/text/email/the_mail/in_the_mail/by_phone/by_mail/via_mail
        pay/paying/payment ~4 by/over/through/via/on ~2 phone/mail/text/app
        mail/mailed/mailing ~3 check/payment/money/cheque/cash/#/money_order
        email ~2 address/me_the_receipt
        <will>/ill/i_will/i_can/can_i/could_i/may_i/i/we/to ~1 mail/email/text/call ~1 it/them/you/this/that/the
        not/dont/stop ~1 email ~2 my ~1 work
        by_text ~1 $ dont
        <dont> ~3 <contacting>/<calling>/<writing>/call/text/email/write ~1 by_any/in_any
        <dont> ~2 call/text/email/write ~2 call/text/email/write ~2 email/call/text/or/write ~3 again/ever/anymore/me_again/write
        stop/quit ~4 texts/text/texting/emails/calls/calling ~2
        talk ~3 over
        i ~2 not by/over phone
        read ~2 texts english
        cant_read english
        prove/proof/verification/verify/validation/validate/evidence/documentation/itemized ~8 in_writing/by_mail/on_paper
        death/police/court ~8 letter
        letter ~2 of representation
    """,
    Intent.INCONVENIENT_TIME: """
        before/after/until/between ~2 # ~1 month/dollars/bucks
        pay/paid/payment/send/money/check/paycheck/deposit/afford/have/plan/due/rent/due_date/owe/mail/mailing/come/stop/drop/funds/install*/promise/sending/bring/do/settle ~6 before/after/until/till/til/on/in_the/by/between/past/at/this/not_until ~3 #/<time>/work
        in/at/during a/the/my ~2 meeting ~1 of_creditors
        not/no/dont/cant ~3 on/in_the/at/until/till/before/after/this ~2 month/week/year/account/time/budget/position/house/money/moment/situation
        wait/hold_off/give/hold/need ~4 until/till/til/before/after ~2 #/<time>/<day>
        at_the_same_time
        too/so/very late ~1 to/for/fee/now/fees/charge
        late fee/fees/charge/charges/payment/payments/bill/notice
        so/very/sorry ~2 late
        sorry/running/always/never/not/im/i_am/payment/bill/be/was/months/days/month/weeks/been ~2 late
        was/were/been/had/have_been ~1 in/at the? hospital/meeting/church/court
        asleep at the wheel
        see/meet/see_you/you ~2 in court
        lose ~1 sleep/sleeping
        cant/dont/no/sleeping/sleep/slept/not ~2 sleep/sleeping ~2
        sleep/sleeping in ~1 my? car
        work/working ~3 # ~2 jobs/hours/days
        evict*/eviction ~3 court
        in court ~2 for/against/over
        nights/night/mornings ~3 cry*
        last ~1 night/morning/evening/weekend/sunday/saturday/friday/monday/tuesday/wednesday/thursday
        good morning/evening/afternoon/night
        today/tomorrow/tonight/this/friday/monday ~1 morning/evening/afternoon/night ~3
        for_the ~1 time_being
        hospital/medical ~3 appointment
        know/see/realize what_time ~1 your/you/office
        what_time ~2 your/you/office/close/open/do/does/should/can
        funeral
    """,
    Intent.HARDSHIP: """
        not/dont ~1 cancel ~2 arrangement/plan/payment
        no/not/dont/never/isnt/aint ~1 broke/struggling/homeless/unemployed/hardship
        broke up/it/my_phone/the/into
        car/phone/screen/website/link/it/app/laptop ~1 broke
        <thing> broke
        broke/broken ~1 phone/screen/laptop
        cant/cannot/couldnt ~2 pay/manage/make_it/do_it ~1 online/by_phone/with_card/on_the_website/on_the_app/the_website/by_card/here/through_the
        cant/cannot/couldnt/unable ~3 make_it/do_it ~1 in/to_the_office/today/there
        how/where/can/could/may_i/do_i/should_i ~4 make_a_payment/pay_my_bill
        life ~2 insurance
        no ~1 money ~1 orders/left_on_the
        no/not/dont ~2 have/need ~2 help/assistance/plan
        dont/not/never/no/cant/wont/didnt ~2 stop/cancel/pause/change/break/end ~2 payment_plan/plan/arrangement
        break ~1 down/the/my ~1 charges/amount
        your/my payment_plan/plan/arrangement/arrangements ~2
        payment_plan/plan ~2 end/ends/date/started/set/is
        charge/charges/statement ~2 broken_down
        interest/fees/fee ~2 is/are ~2 illegal
        credit_relief/debt_relief
        relief ~1 program
        good/more/long/less ~1 time_ago
        cant/cannot/couldnt afford ~2 <lawyer>
        settlement ~2 comes/check/hits/in
        when/after/as_soon_as ~3 settlement
        your ~2 discount
        it_is/its/that_is/this_is/thats/youre/you_are ~2 sick/ill/difficult
        sick of/and_tired
        extension ~1 #
        good help
        help ~1 program $ ?
        need ~2 help ~2 login/logging/website/app/page/link
        no_money_orders/no_money_order
        lost ~2 number/phone/letter/card/email/link/password/login
        shelter in_place
        not/isnt ~1 difficult/hard/poor
        poor service/english/reception/signal/customer
        dont/do_not ~2 need ~2 <lower>
    """,
    Intent.REQUEST_ORIGINAL_CREDITOR: """
        settled/paid/cleared/closed ~8 original/creditor
        original ~1 bill/receipt/amount/balance/contract/agreement/documents
        not/dont/never ~4 original creditor
        who_do_you_think
        who_says/who_said
        first/previous/actual/prior ~1 payment/check
    """,
    Intent.PAID_ALREADY: """
        get/gets/getting/got/be/been/being/havent/not/wasnt/isnt/arent/when/until/till/once/after/never/didnt/i_am/im/will_be/going_to_be/gonna_be/unless/dont/hasnt/if/as_soon_as/whenever/are/is_it/was_it/is_this/were_they ~3 paid ~4
        will/can/could/gonna/going_to/ill/should/would/want_to/to/get/have_to/need_to/must ~3 paid/sent
        paid weekly/biweekly/monthly/every/off/time
        low/under/well/over/un/minimum ~1 paid
        payment/payments/check/money/transfer/funds ~3 not/wasnt/isnt/never/wont/didnt/will/be/cant ~3
        not/isnt/never/wasnt/will/wont/didnt/is/when/if/has/did/can/where/once/unless/does/until/after/as_soon_as ~4 payment/check/money/funds/my_check ~4 sent/made/went_through/cleared/posted/processed/received/done/completed/comes/deposit/hits/clear
        i_get/we_get ~2 paid
        how/what/which/who ~6 paid
        send/give/provide/need/get/want/email/text ~3 receipt/confirmation
        ill/i_will/will/gonna/can/could/going_to/to ~2 caught_up/up_to_date
        insurance/medicaid/medicare/warranty ~4 paid
        paid ~4 interest/late_fee/attention/vacation/holiday/leave
        not all_set
        your/the/my paid ~1
        taken_care_of ~1 by ~2 insurance/<lawyer>
        will/ill/gonna/can ~2 taken_care_of
        should/will/would/supposed ~2 have? paid
        had/have paid ~2 more
    """,
    Intent.PROMISE_TO_PAY: """
        cant/cannot/couldnt/wont/not/never/unable/dont/didnt/refuse/no/aint/wouldnt ~4 pay/afford/send/make/do/give/paying/mail/settle ~6
        cant/cannot/couldnt/unable/dont/wont/not ~3 have/get ~4 money/it/payment/<day>
        already/just/was/were/have/has/been/did/i_have/we ~2 sent/paid/mailed/made/put/payed ~6
        <dont>/stop ~4 <writing>/<calling>/<contacting>/call/text/send ~4 <day>/<time>/before/after/on
        when/what_day/what_date/how/where/which/why/what/who ~4 pay/payment/send/due/end/plan/close/open/mail ~6
        payment/it/bill/money/check ~3 sent/made/went/mailed/posted/cleared/processed/was/hit ~4 <day>/#
        paid/sent/mailed/made/payed/deposited/transferred/settled ~5 <day>/#/last/yesterday/today
        sent ~3 #
        can/may/could/do i/we/you ~2 cancel/move/change/skip ~5
        can you give/send ~4 copy/statement/letter/proof/documents/receipt/contract/address
        send/give/mail/provide ~4 proof/contract/documents/statement/copy/letter/letters/paperwork/verification/validation/receipt/address
        may ~1 not/be/have/i/need/want
        may_i/you_may/might/may ~2 call/ask/get/<lawyer>
        march/may on/be
        i_may/we_may/it_may/you_may/that_may/may_be
        second/first ~1 time/of_all/notice/letter/message
        sat/sun/mar/second ~1 down/in
        only ~2 owe
        every ~2 day/time
        call/calls/text/talk/contact/reach/available/free/email ~5 <day>/<time>
        not ~1 on ~1 <day>
        my ~2 first_thing
        moved/died/lost/born/ended/started/closed/since/filed/been/passed/was/got/bought/left/cancelled/canceled/returned/went/lease/happened/stopped/divorced/retired/surgery/last ~5 <day>/#
        does/is/are/do/will/did/can ~5 <day> ?
        office/store/you/bank ~3 open/closed/close ~4 <day>
        god/jesus/happy/good/merry/have_a/nice/great ~3 <day>
        report* ~8 <day>
        sue/court/lawyer/attorney/complaint ~6 <day>
        hospital/surgery/class/school/church/training/meeting/appointment/interview/start/starts/funeral ~4 <day>/#
        pay ~2 stub/phone/pal/cut/check
        owe/owed/bill/billed/charge/charged/balance/amount/total ~4 #
        account/acct/case/case_number/number/phone/ref/reference/file/apt/zip/chapter/ssn/address ~3 #
        for_now/right_now
        <pay> ~3 attention
        will/ill/gonna/can/going_to ~2 give/send/bring ~3 lawyer/attorney/police/proof/complaint/receipt/hell/documents/papers/copy/info/information/number
        will_send ~3 proof/documents/letter/attorney
        put/do/give ~1 me ~2 in/through
        will/can/could/would you ~2 <pay>
        want/need ~3 you ~2 <pay>
        can_you/could_you/would_you/will_you/please ~1 send/give/mail/do/put/settle/take_care/fix/cover/deposit/clear
        do ~1 not/you/i/it/we/this/that/they
        cant ~2 do ~4
        hold ~2 until ~2 <lawyer>
        live/living/survive/earn/make ~3 # ~2 a/per month/week
        years/months/weeks/days/hours/old/times/kids/percent
        sue ~2 give
        how_did/why_did/who_did/what_did
        wont/will_not/cant ~2 <day>
        pay/paid ~2 in ~1 # ~1 and/in_full
    """,
    Intent.HUMAN_OR_CALLBACK: """
        not/dont/stop/never/no/quit/didnt/dont_want_to/do_not/cant/wont ~5 call/calling/phone/ring/speak/talk/call_me/contact/calls/talking/discuss ~3 me/us/back? ~2
        why/who/keep/keeps/kept/you/yall/they/calls/before/called ~3 call/called/calling me/us
        speak/talk/talking ~3 lawyer/attorney/my/english/spanish/counsel
        lawyer/attorney/counsel ~6 call/speak/talk/reach
        can/could/please/may ~1 talk/speak ~2 spanish/english/chinese
        agent/rep/representative/supervisor/manager ~3 was/said/told/rude/lied/yesterday/threatened
        told/tell/said/promised/spoke/talked ~4 agent/representative/rep/supervisor/manager/someone/somebody
        your agent/manager/representative/supervisor ~3
        have ~2 agent ~1 send
        ill/i_will/will/i/we call ~2 you/back
        number/phone ~3 call ~2 about? ~1 wrong
        wont/dont reach
        real/live ~1 estate
        property/estate/real_estate/insurance manager/agent
        cant/couldnt reach
        call ~1 me ~1 lol/crazy/names/a
    """,
    Intent.LANGUAGE_REQUEST: """
        plain english
        speak/write/read english ~1 well/fine/perfectly
        i speak english
    """,
    Intent.HELP: """
        cant_you/need ~1 help ~1 paying
        what ~1 you/u ~1 need/want ~2 to/me_to/from_me ~2 set/verify/lower
        i ~2 want ~3 more_info? proof
        who ~3 sent ~1 payment
        why ~6 call/calls/texting/calling ~6 paid
        need_help/help ~2 with/paying/pay ~4
        my options/options_for
        what is this/it ~1 charge/debt/bill/fee/interest/balance
        who is @name
        help ~1 you
    """,
    Intent.OPT_IN: """
        not/dont/no/never/stop/cant/wont/do_not/didnt/quit ~4 start/restart/resume/continue/again/texting/texts/messages/receive/opt/subscribe/sign/receiving/get/send/contact ~3 again? ~1
        <dont> ~8 again
        start/starts/starting/started ~2 work/working/job/school/new/my/a/monday/tuesday/training/the/on/next/paying/payments
        resume/continue/restart ~2 payments/paying/plan/my/service
        sign/put/set/add/get me ~2 down/up_for/up_on ~2 a/the/#/payment/plan/autopay/<day>
        sign/put/set/add/get me ~2 up/on/in ~2 a/the/my/payment/plan/autopay/touch/trouble/mailing
        yes/yeah/yep/y ~1 i/but/it/this/that
        subscrib* ~2 cancel*
        keep/kept/why/started/start/you ~3 texting/texts/sending/messaging ~2 me? ~2 again
        get ~2 call/text/contact
        opted/opt ~1 out
        put/add ~2 it
        asked ~4 again
        want/wanna ~3 text/texts/messages/see ~3 again ~2 ?
    """,
}
