"""English: classes of words, and rules for what debtors ask for. See grammar.py for how rules are written."""

from __future__ import annotations

from outreach.domain.intents import Intent

CLASSES: dict[str, tuple[str, ...]] = {
    name: tuple(phrase.strip() for phrase in phrases.split(","))
    for name, phrases in {
        "dont": "dont, do not, never, not to, no need to, doesnt need to, stop, quit, must not, may not, cannot, cant, "
        "shouldnt, better not, please not, please no, no more",
        "not": "not, no, never, isnt, arent, wasnt, dont, didnt, doesnt, aint, havent, hasnt, neither, nobody, none, "
        "without, nor",
        "stop": "stop, quit, cease, stop with, quit with, done with, enough with, enough of, knock off, lay off, halt",
        "texts": "text, texts, message, messages, email, emails, mail, mails, sms, spam, notification, notifications, "
        "alerts, alert, reminders, reminder, communications, newsletters, mailings, text messages, letters, calls, "
        "phone calls, robocalls, robotexts, voicemails",
        "writing": "text, texting, texted, message, messaging, email, emailing, mailing, mail, write, writing, spam, "
        "spamming, bother, bothering, bug, bugging, sms, blow up, blowing up, bombarding, pester, pestering, ping",
        "calling": "call, calling, calls, phone, phoning, ring, ringing, dial, dialing",
        "contacting": "contact, contacting, communicate, communicating, reach out to, reaching out to, correspond, "
        "communication, approach, approaching, harass, harassing, communicate with, communicating with",
        "me": "me, us, my phone, my number, this number, my cell, this phone, my email, this email, my family, "
        "my line, this line, anymore, again, ever, my inbox, this address, my mobile",
        "lawyer": "lawyer, lawyers, attorney, attorneys, atty, attys, counsel, solicitor, solicitors, barrister, esq, "
        "legal aid, legal representative, legal representation, law firm, law office, law offices, legal team, "
        "legal counsel, legal rep, paralegal, advocate",
        "kin": "husband, wife, mom, mum, mother, dad, father, son, daughter, brother, sister, uncle, aunt, grandma, "
        "grandpa, grandmother, grandfather, cousin, nephew, niece, spouse, partner, parent, parents, ex, roommate, "
        "hubby, momma, papa, mommy, daddy, sibling, boyfriend, girlfriend, fiance, fiancee, nan, granny, child, kid, "
        "tenant, landlord, neighbor, neighbour, stepdad, stepmom, mother in law, father in law, caretaker, carer, "
        "caregiver, guardian, assistant, secretary, aunty, auntie, grandson, granddaughter",
        "friend": "boss, friend, buddy, neighbor, neighbour, cousin, brother, sister, dad, father, mom, mother, uncle, "
        "aunt, husband, wife, son, daughter, kid, roommate, coworker, girlfriend, boyfriend, landlord, teacher, he, "
        "she, bro, sis, nephew, niece, in law, pal, partner",
        "he": "he, she, they, the person, this person, that person, account holder, the account holder, debtor, mr @name, "
        "mrs @name, ms @name, client, the customer, customer, patient",
        "thing": "car, truck, phone, battery, cell, cellphone, laptop, computer, tablet, engine, transmission, tv, "
        "internet, wifi, line, signal, charger, vehicle, van, fridge, freezer, furnace, app, website, site, dog, cat, "
        "fish, goldfish, pet, puppy, hamster, plant, lawn, tree, link, connection, motor, ac, heater, washer, dryer, "
        "printer, iphone, android, mouse, bird, horse, cow, chicken, service, call, bike, scooter, alternator, screen, "
        "power, electricity, kindle, ipad, watch, game, server, email, account, card, deal, idea, plan",
        "debt": "debt, bill, balance, account, charge, charges, amount, loan, claim, invoice, collection, money, fee, "
        "fees, alleged debt, card, statement, total",
        "day": "monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, tues, wed, thu, thur, thurs, "
        "fri, sat, sun, tomorrow, today, tonight, mondays, fridays, weekend, payday, pay day, eod, month end, "
        "end of month, end of the month, end of this month, end of week, end of the week, end of next week, "
        "end of next month, end of day, end of the day, next week, next month, next friday, next payday, next check, "
        "this week, this month, this weekend, this friday, this afternoon, this evening, later today, next paycheck, "
        "january, february, march, april, may, june, july, august, september, october, november, december, jan, feb, "
        "mar, apr, jun, jul, aug, sep, sept, oct, nov, dec, christmas, thanksgiving, new year, the holidays, "
        "a week, two weeks, couple weeks, a couple weeks, few days, a few days, couple days, a couple of days, the first, "
        "the fifteenth, the tenth, the fifth, the twentieth, the second, the third, the thirtieth, midnight, noon, "
        "next pay, mid month, next year, first of the month, a month, lunch, the week after, the weekend, "
        "my next check, my next paycheck, the new year, beginning of the month, end of year, end of the year, the 1st, "
        "few weeks, a few weeks, the following week, the following month, an hour, couple hours, a couple hours, "
        "first thing",
        "time": "am, pm, noon, morning, mornings, evening, evenings, night, nights, afternoon, afternoons, midnight, "
        "sunday, sundays, saturday, saturdays, weekend, weekends, weekdays, friday nights, late, early, lunch, "
        "oclock, dinner, sabbath, shabbat, hours, business hours, working hours, dark, holidays, mondays, tuesdays, "
        "wednesdays, thursdays, fridays, daytime, bedtime, school hours, sunset, sundown, prayer, prayers, the day, "
        "day time, night time, nighttime, work hours, office hours, monday, tuesday, wednesday, thursday, friday, "
        "ramadan",
        "work": "work, job, workplace, office, employer, boss, hr, place of employment, work number, work phone, company, "
        "work email, office phone, work address, work place, place of work, manager, business, store, employment, "
        "my shop, school, coworkers, colleagues, supervisor, work line, desk phone, work cell, payroll, the shop",
        "pay": "pay, send, make a payment, make payment, make the payment, transfer, settle, catch up, clear it, "
        "take care of it, take care of this, handle it, handle this, mail, drop off, bring, deposit, wire, zelle, "
        "get caught up, do, give, give you, send you, put, square up, get you, get it to you, venmo, cashapp, "
        "pay it, pay you, pay this, pay it off, pay off, settle up, get it paid, pay something, get you paid, "
        "send it, cover it, cover, submit, make good, fix it, get this paid",
        "will": "i will, ill, i can, i could, can, will, we will, we can, gonna, going to, i am going to, let me, "
        "i plan to, i promise to, i should be able to, i intend to, i would like to, i want to, i was going to, "
        "planning to, able to, i may be able to, i might be able to, promise to, i shall, id like to, i am gonna, "
        "willing to, i am able to, ill be able to, i would be able to, hoping to, hope to, aim to, "
        "i am planning to, ready to, happy to, fixing to, finna, imma, well, he will, she will, "
        "my @name will, agree to, i try to, try to, trying to",
        "lower": "lower, lowering, lowered, reduce, reduced, reducing, smaller, less, waive, waived, discount, "
        "settlement, settle for, forgive, forgiveness, freeze, defer, deferment, postpone, extension, extend, "
        "forbearance, more time, some time, little time, payment plan, payment plans, payment arrangement, "
        "payment arrangements, installments, instalments, installment, monthly payments, hardship, assistance, "
        "relief, grace period, break, arrangement, arrangements, set up payments, modify, split it, split the "
        "payment, payments instead, skip a payment, skip this month, push it back, push back, bit longer, "
        "little longer, few more days, more days, bring down",
        "illness": "cancer, surgery, hospital, hospitalized, hospitalised, icu, chemo, stroke, heart attack, covid, sick, "
        "accident, injured, disabled, disability, operation, dialysis, pneumonia, broke my, broken leg, "
        "medical leave, maternity leave, sick leave, rehab, ill, unwell, er, emergency room, bedridden, "
        "in treatment, wheelchair, high risk pregnancy, pregnant, crash, wreck",
        "please": "please, pls, plz, kindly, just, ok, okay, now, hey, hi, hello, and, so, then, also, sir, maam, thanks",
        "english": "english",
        "tongue": "spanish, espanol, chinese, mandarin, cantonese, vietnamese, korean, tagalog, russian, arabic, french, "
        "portuguese, creole, polish, hindi, punjabi, japanese, german, urdu, somali, italian, another language, "
        "my language, chino, ingles",
    }.items()
}

RULES: dict[Intent, str] = {
    Intent.VULNERABLE_CRISIS: """
        ! want ~2 it all to be over
        ! want ~2 it to ~1 end
        ! cant/cannot/dont_want_to ~1 live/living ~1 like_this
        ! point of/in ~1 being alive/living/life/going_on/being_here
        ! no_reason/nothing to live for
        ! reason ~1 to ~1 live/be_alive/go_on
        ! better off dead/without_me/if_i_was/if_i_were
        ! dont/not ~1 want ~1 to ~1 be ~1 here/alive ~1 anymore
        ! end it all
        ! ending it all/my_life
        ! tired of ~1 living/life/being_alive
        ! give/giving up on ~1 life/living/everything
        ! not ~1 worth living
        ! hurt/harm/kill ~1 myself
        kill/killing/hurt/hurting/cut/cutting/hang/hanging/shoot/shooting/harm/harming/drown/starve ~1 myself/themselves/himself/herself
        kms/suicide/suicidal/self_harm/selfharm/unalive/unaliving
        end/ending/took/take/taking my/her/his/it own? life/all
        end/ending it all
        dont/no/not ~2 want/wanna/wish/need/reason/point/desire to? ~1 live/be_here/be_alive/wake_up/exist/go_on/living/be_around/carry_on
        nothing/no_reason/no_point/anything ~3 live_for/living/to_live/go_on/living_for
        want/wanna/wish/going/ready/rather/prefer/better/might_as_well/thinking/thought/think ~3 die/dead/dying/disappear_forever/never_wake_up
        wish i ~3 dead/born/here/alive
        cant/couldnt/cannot go_on
        cant/cannot do/take/handle/bear/stand/cope ~2 anymore/any_more/any_longer/no_more
        better_off without me
        better_off dead
        world/everyone/everybody/family/kids/they ~3 better ~2 without_me
        took/swallowed/taking/take/ate ~4 pills/tablets/bottle_of
        overdose*/overdosing/od
        jump/jumping/step/walk off/from/in_front_of ~2 bridge/building/roof/train/traffic/window
        nobody/no_one/noone ~2 miss_me/care_if_i
        life ~2 not/isnt/no_longer/aint ~1 worth
        isnt/not/never worth living
        lost ~2 will to_live
        push/pushing/drive/driving/driven/drove ~3 suicide/edge/grave
        goodbye cruel? world
        gun/knife/rope/noose/razor ~6 myself/head/end/wrist/wrists/neck
        slit ~2 wrists
        dementia/alzheimer*/alzeimer*/alzhiemer*/senile
        schizo*/bipolar/psychosis/psychotic/psychiatric/psych_ward/mental_hospital/mental_ward/sectioned/crisis_team
        mental/mentally ~1 ill/illness/health/capacity/breakdown/unwell/disabled/incapacitated/impaired/incompetent/unstable/handicapped/crisis/disability/challenged
        nervous_breakdown/breakdown
        lack/lacks/lacking/lost/no ~2 capacity
        learning disab*/difficult*
        severe*/major/deep*/clinical*/really/bad/very/so depress*
        depression/depressed/hopeless
        panic_attack/panic_attacks/ptsd/autistic/autism/brain_injury/brain_damage/traumatic_brain
        hospice/terminal/terminally/palliative/dying_of
        doesnt/cant/cannot/unable/not ~3 understand/manage/comprehend/remember ~4 dementia/confused/stroke/finances/affairs/money/anything
        <kin>/<he> ~3 cant/cannot/unable ~1 manage
        domestic violence/abuse
        abusive/abusing/beats/hits ~2 husband/wife/partner/ex/me
        in_danger/not_safe/unsafe/afraid_for_my_life/help_me_please_i_am
        no_hope/lost_all_hope/given_up_on_life/give_up_on_life/no_will_to
        cry/crying ~2 every/sleep/night/all_day
        cant_cope/not_coping
        this/it/you ~2 killing_me ~3 cant
        dead_by/wont_be_here ~2 tomorrow/morning/long
    """,
    Intent.BANKRUPTCY: """
        bankrupt*/bankrup/bankruptsy/bankrupcy/bancrupcy/bankrupsy/bk/bkd
        insolven*
        chapter/chpt/chap/ch/chptr/chapt 7/11/12/13/seven/eleven/thirteen
        ch7/ch13/ch11/chapter7/chapter13/chapter11
        automatic stay
        discharge*/discharging ~4 court/debt/debts/chapter/judge/case/order
        debt/debts/this/it/account/loan/balance/everything ~3 discharged
        debt_relief_order/dro/iva/sequestration/sequestrated/trust_deed/individual_voluntary
        trustee
        schedule f/d/e/e_f
        341 meeting/hearing
        meeting_of creditors
        creditors_meeting/creditor_matrix/proof_of_claim
        petition ~4 filed/court/trustee
        filed ~3 petition/protection
        included ~3 filing/bk/petition
        court_protection/protected_by_the_court
    """,
    Intent.DECEASED: """
        ! lost/losing my/our/his/her ~2 <kin>
        lost him/her ~1 to/in/last/on/two/three/years
        ! in the cemetery
        ! cemetery/graveyard/buried/cremated/ashes
        no longer with us
        not with us anymore
        went to heaven/be_with_god/glory
        gone to heaven/glory
        rest in peace/rip
        ! my/his/her/our late <kin>/husbands/wifes/mothers/fathers/moms/dads/sons/daughters/brothers/sisters
        my/his/her/our late <kin>
        deceased/deceaced/decease/diseased_person
        death_certificate/death_cert/certificate_of_death/obituary/funeral/memorial_service/cremated/buried/autopsy
        died/dies/passed_away/pass_away/passed_on/passing_away/past_away/passed_on_to
        died/passed/killed/murdered ~3 from/of/in/on/last/this/yesterday/years/months/weeks/two/ago/#
        <kin>/<he>/i_lost_my_<kin> ~2 passed/past/gone_to_heaven/perished
        he/she/they/<kin> is/was/has/are ~3 dead/gone/in_heaven/passed/with_god/with_the_lord/in_a_better_place
        hes/shes ~1 dead/gone/in_heaven
        been_dead/long_dead/dead_since/is_dead/was_dead/are_dead
        dead <kin>/person/man/woman/guy/customer/people
        no_longer/not/isnt/aint/arent with_us/alive/living
        no_longer/isnt among ~1 living
        late <kin>
        probate/executor/executrix/executer/estate/intestate/letters_testamentary/next_of_kin/personal_representative
        widow/widower/widowed
        lost ~1 battle
        lost my/our/her/his <kin>
        rip
        rest in peace
        suicide/life ~2 last/years/months ~2 ago/year
        took his/her own life
        took_his_life/took_her_life
        death of ~3 <kin>/mr/mrs/ms/account
        <kin> ~1 death
        no_longer_alive/dead_and_gone/six_feet_under/pushing_up_daisies/passed_this_life
    """,
    Intent.ATTORNEY: """
        ! lawyer/attorney/solicitor ~3 taken/taking/took/handling/handles/has/accepted ~1 my/the/our case/file/matter
        ! lawyer/attorney/solicitor ~3 represents/representing/represent ~1 me/us
        ! contact/talk_to/speak_to/speak_with/call/reach ~1 my/our <lawyer>
        <lawyer>
        my/our/an/his/her/their/have/retained/hired/got ~2 <lawyer> ~4 handl*/represent*/deal*/contact*/talk/speak/help*/reach/call/touch
        <lawyer> ~6 handl*/represent*/dealing/helping/taking_care/taking_over/in_charge/working_on
        represent* me/us/him/her/my
        represented by
        represented ~3 matter/case/account
        have/got/need/obtained/retained ~1 representation
        power_of attorney
        poa
        lawyered_up/lawyer_up
    """,
    Intent.CEASE_ALL: """
        no/not right/permission/business ~1 contact/contacting ~1 me
        forbid/prohibit ~3 <contacting>/<calling>/<writing>
        i/we forbid it
        cease/stop and desist
        cease desist
        cease ~2 all/any/further/every ~2 communication/communications/contact/collection/efforts
        cease communication/communications/contact/contacting/communicating/collection
        <dont> ~3 <contacting>
        no <contacting>
        no further/more/additional/future ~1 contact/communication/communications/correspondence
        all contact/communication/communications/correspondence ~3 stop/end/cease/stopped
        end/stop/halt all contact/communication/communications/collection/correspondence/collections
        dont/stop/quit/never/no ~1 <calling>/<writing> ~2 or/and/nor/, ~2 <writing>/<calling>/<contacting>
        <dont> <calling> <writing>
        <dont> <writing> <calling>
        in_any_way/any_way_shape/in_any_form/by_any_means/any_means/through_any/by_any_method/in_any_manner
        leave me/us/my_family ~3 alone
        leave me/us/my_family be
        leave_alone
        let_me_be
        go_away/get_lost/get_out_of_my_life/buzz_off/piss_off/fuck_off/f_off/bugger_off/kick_rocks
        refuse/refusing/refused/decline/declining to_pay/to_make/payment
        i/we/im ~2 wont/never/not/aint/aint_never/not_gonna/not_going_to/never_gonna/not_ever/refuse_to ~1 pay/paying/paid
        wont/aint ~2 pay/paying you/yall/this/it/that/anything/nothing/a_dime/a_cent/a_penny/them/anyone/shit/crap
        not/never/aint ~2 paying/pay/give/giving/get/getting ~2 dime/cent/penny/nickel/nothing/shit/single/anything/red_cent
        wont/will_never/never/not ~3 get/see/receive ~2 dime/cent/penny/nickel/nothing/money/anything
        not/aint paying
        sue_me
        never_going_to_pay/never_paying/never_pay/no_intention_of_paying/no_intention_to_pay/dont_intend_to_pay/dont_plan_to_pay/dont_plan_on_paying/wont_be_paying
        no_longer/dont ~2 wish/want/wanna to ~2 contacted/hear_from
        dont want/wanna/wish ~2 be ~1 contacted/hear_from_you
        dont/never ~2 hear from you
        1692c/805_c
        lose_my_contact/forget_about_me/forget_i_exist/remove_all_my_contact ~1 info*
    """,
    Intent.WRONG_NUMBER: """
        used to be ~1 my/his/her/their ~2 number/phone/cousins/brothers/sisters/moms/dads/exs ~3
        phone/number ~1 used to be ~3 not ~2 now
        old/outdated/previous number for him/her/them/that
        an old number
        old number for ~2
        number ~2 belongs/belonged to ~2 else/before
        not ~1 number anymore
        number ~1 changed hands
        got/bought/just_got ~2 this number/new_number ~3
        wrong/incorrect/mistaken number/no/num/nmbr/person/phone/guy/girl/lady/man/woman/one/#/email/address/house/recipient/contact/place/dude/gal/party/individual/cell/line/people/human
        ^^ wrong $
        no_longer/not/isnt/wasnt/arent ~2 number/phone/cell/email/address ~2 anymore/any_more
        not/isnt ~1 his/her/their/hers/theirs ~1 number/phone/cell/email/address
        not/isnt @name number/phone/cell/email
        not/isnt the ~2 person/one/guy/lady/man/woman/individual ~6 looking/seeking/trying/want/after/contact/reach/owes/think
        not/isnt who/whom you ~2 looking/think/want/trying/need/after/seeking
        not/isnt that/this person
        not/isnt him/her/them
        not him/her
        ^^ not me $
        ^ not_me/isnt_me/aint_me/that_is_not_me/that_aint_me $
        ^ i_am/im/we_are not @name
        i_am/this_is/im/this not @name
        this/it/i/that isnt/aint/amnt/not @name
        my_name ~1 not/isnt
        not/isnt my_name
        dont/doesnt/didnt/never/havent know/knew/met/heard_of ~2 @name/this_person/that_person/him/her/them/who_that_is/who_this_is/who_he_is/who_she_is/person/guy/lady/anyone_by_that_name/anybody_by_that_name/anyone_named/who_you_are_looking_for/who_you_want
        never_heard_of/dont_know him/her/them/this_guy/this_person/that_guy/who_that_is/@name
        no/nobody/noone/no_one/nobody_here/not_anyone/isnt_anyone ~1 named/called/by_that_name/by_this_name/goes_by/by_the_name/with_that_name/with_this_name
        no @name here/at/lives/around
        no/nobody/noone/no_one/isnt/not/doesnt/dont ~3 by_that_name/by_this_name/by_the_name/with_that_name/of_that_name/that_name_here/with_this_name
        no_such/no_such_person ~1 person/name/here
        who/whos is? @name $
        who_is/whos this/that/the @name
        who_the_hell_is/who_the_heck_is/who_tf_is/who_is_this_person/who_is_that/who_are_you_looking_for/who_is_he/who_is_she @name?
        looking/asking/meant/intended/searching/messages/texts/calls/mail/emails/message/text/call for/to ~2 someone_else/somebody_else/some @name?
        someone_else/somebody_else/another_person/different_person/some_one_else ~1 number/phone/name
        for/to/want/reach/meant/mean/got/texting/confusing/with ~3 someone_else/somebody_else/another_person/a_different_person/different_person/some_one_else
        confused/mistaken/mistake/mixing/mixed me ~1 with/for/up
        keep/kept/keeps/getting/receiving/got/get ~4 texts/calls/messages/mail/emails/letters/text/message/call ~2 for ~2 @name/someone/somebody/him/her/a_guy/a_man/a_woman/a_mr/some/the_previous/another
        ^ for ~2 a/some mr/ms/mrs/guy/lady
        number/phone/line/cell ~2 reassigned/recycled/transferred_to_me/given_to_me/assigned
        just/only/recently got/bought/received/changed ~2 number/phone/sim/line/cell
        new_number/new_owner/new_phone_number/brand_new_number/new_phone_who_dis/previous_owner/previous_tenant/former_tenant/prior_owner/previous_resident/old_tenant/old_owner/previous_occupant
        got_this/have_had_this/had_this ~2 number/phone/line/cell/email
        number/phone/cell/email/line/this ~2 belong/belongs/belonged/belonging ~4 me_now/minor/someone/somebody/him_anymore/her_anymore/anymore/business/child/company/another
        doesnt/dont/didnt/no_longer/does_not belong ~4 him/her/them/@name
        doesnt/dont/no_longer/not/isnt/aint/never ~1 live/lives/living/work/works/working/reside/resides/stay/stays/employed/lived/worked here/at/there/with/in
        no_longer at this/the address/house/number
        not_here_anymore/isnt_here_anymore/no_longer_here/not_at_this_number/not_at_this_address/not_at_this_residence
        moved_out/moved_away/has_moved/no_forwarding
        <kin>/he/she/they moved ~2 away/out/ago/last/years/to
        this_is/im/i_am/its/it_is his/her/their/the/@name/hers <kin>
        this_is/im/i_am <kin> of
        my <kin> number/phone/cell not
        <kin> not him/her/them
        <kin> ~1 he/she/hes/shes is? not/isnt ~1 here/home/available
        i_am/im not his/her/their
        this_is/its/it_is/thats/that_is/you_reached/you_have_reached/youve_reached a/the/an/our ~3 business/office/restaurant/store/company/hospital/school/church/hotel/motel/front_desk/reception/switchboard/clinic/shop/pizza/line/salon/library/garage/pharmacy/bank/firehouse/police
        you_have/youve/have/u_have reached ~4
        front_desk/business_line/company_line/landline_of/work_phone/fax_number/fax_line/company_phone/business_number/shared_phone/reception_desk/main_line/switchboard
        kids/childs/child/minors/minor ~1 phone/number/cell
        belongs_to_a/phone_of_a minor/child/kid/teenager
        not_his_phone/not_her_phone/not_the_right_person/not_right_person/arent_the_right_person/got_the_wrong/have_the_wrong/reached_the_wrong
        return_to_sender/not_at_address/addressee_unknown/unknown_recipient/unknown_at_this
        tell_him/tell_her/give_him/give_her ~3 number/yourself/message/himself
        i_am/im ~3 years old kid/child?
        dont have/own ~2 account_and/anybody
        my_number_now/my_phone_now/my_email_now/mine_now
    """,
    Intent.IDENTITY_THEFT: """
        identity/id/ident ~1 theft/thief/stolen/stole/fraud/fraudulently/compromised/thieves
        stole/steal/stolen/stealing/hacked/misused/used/took/hijacked ~2 my/our ~1 identity/info/information/name/social/ssn/id/wallet/details/data/personal/license
        my/our ~2 identity/information/info/social/ssn/wallet/id/data/details ~3 stolen/hacked/compromised/breached/misused/used/leaked
        someone/somebody/some_one/person/thief/scammer/hacker/ex/<kin>/he/she ~2 used/opened/open/took/forged/applied/signed/got/put/made ~5 my_name/my_social/my_ssn/my_identity/my_info/my_information/my_signature/my_credit/my_id/my_personal/without_my/my_details/this_account/this_in_my/account_in
        opened/taken/signed/applied/made/used/done/put ~4 without_my/without_our/without_me_knowing ~1 permission/consent/knowledge/authorization/approval/knowing?
        forged/forgery/forging/fake_signature/faked_my_signature
        fraudulent*/fraud_alert/fraud_victim/fraud_affidavit/identity_affidavit/fraud_report
        victim of ~2 fraud/identity/scam/theft
        this_is/thats/that_is/its/it_is/was fraud
        fraud ~4 never/didnt/not_mine/not_me/account
        ftc_report/ftc_identity/ftc_affidavit/ftc_complaint_number
        police_report ~5 stolen/theft/fraud/identity/account
        wasnt/isnt/not my signature
        my ~1 social/ssn/identity ~1 by_someone/by_somebody
        unauthorized/unauthorised ~2 account/use/opening/loan/application
        didnt/never open/opened/apply/applied/authorize/authorized ~3 someone/somebody/fraud/stolen
    """,
    Intent.DISPUTE: """
        receipt/receipts/proof ~3 showing/shows/that/it ~4 settled/paid/closed
        added ~3 # ~3 out_of_nowhere/extra/more/fees
        settled in/back_in #
        not/isnt ~1 what i ~1 owe
        i only/just owe ~3 #
        scam/scammers/phishing
        dispute/disputed/disputing/disputes/disput/contest/contesting
        dont/didnt/never/doesnt/not ~2 owe/owed/owes/owing
        owe ~2 nothing/nobody/zero/nada/no_one/noone/none
        not/isnt/aint/wasnt/never ~2 my/our ~1 <debt>
        not/isnt/aint/never ~1 mine/ours/my_problem/my_responsibility/my_fault/my_obligation/responsible/liable
        not what ~2 owe/agreed/told/signed/said
        wrong/incorrect/inaccurate/off/mistaken/false/bogus/fake/inflated/erroneous/bs/bullshit ~1 <debt>/charge/price/math/figure/sum/numbers/info/information
        <debt>/numbers/math/price/figure/sum/records/info/information/this/that ~3 wrong/incorrect/inaccurate/off/mistake/mistaken/error/not_right/isnt_right/not_correct/isnt_correct/false/bogus/inflated/doesnt_add_up/dont_add_up/not_accurate/isnt_accurate/crazy/ridiculous/doesnt_match/too_high
        mistake/error on/in/with ~3 <debt>/end/side/records/part
        made_a/made_an mistake/error
        only/just ~1 owe/owed ~1 #/half/you
        owe ~2 # not/only/at_most
        # not #
        should/supposed ~2 be # not?
        half of_that/of_what
        overcharg*/double_billed/charged_twice/billed_twice/double_charged/double_charge/billed_me_twice/charged_me_twice/billed_for/charged_for ~4
        proof/prove/validate/validation/verification/verify/documentation/itemized/itemised/itemization/evidence ~8
        show/send/give/provide/want/need/see/where ~4 contract/paperwork/agreement/documents/statement/statements/original_bill/signature/signed/proof/records/paper/papers/breakdown/invoice
        never/didnt/havent signed/sign/agreed/agree/received/receive/opened/open/had/have/ordered/order/bought/buy/took/take/used/use/applied/apply/authorized/got/get/borrowed/borrow/been/went/rented/purchased/requested/owned/heard/did ~4
        never_had/never_been ~4 account/card/loan/with/customer/patient/there/service
        who/what/why/how/where ~2 says/said i ~1 owe
        how/why ~4 owe/owed/owing/charged/billed/balance/so_much/so_high/went_up/go_up/increase
        how_come/why ~2 balance/amount/total/bill ~3 up/higher/more/high/different/grow/grew/doubled
        how_did/how_do/how_can/how_could ~3 come_up_with/get_this_amount/get_that_amount/owe/this_amount/amount
        what ~1 debt $
        what_debt/what_bill/what_account/what_loan/what_balance
        dont/do_not/didnt/cant recognize/recognise/recall/remember ~3 <debt>/this/it/signing/opening
        know_nothing_about/no_idea_what/dont_know_what/no_knowledge ~5 <debt>/this/about
        insurance/medicaid/medicare/insurer/warranty/workers_comp ~3 paid/pays/pay/covered/covers/cover/should/supposed/was/responsible/denied/will_cover
        paid/settled/cleared/satisfied ~3 in_full/off/years_ago/long_ago/original_creditor/with_the_original/full/already_with/last_year/in_20#
        paid/settled/cleared/closed ~4 original
        settled ~2 this/already/that/it/account/debt/back
        already settled
        already_paid_this_off/account_was_closed/closed_this_account/closed_that_account/zero_balance/account_is_closed
        paid ~4 2015/2016/2017/2018/2019/2020/2021/2022/2023/2024
        returned/cancelled/canceled/cancel/sent_back/gave_back ~5 item/product/it/service/membership/subscription/contract/before/order/car/equipment/router/box/months/years/still
        defective/damaged/broken_when/never_delivered/never_arrived/never_came/not_delivered/not_as_described/wrong_item/didnt_work/never_worked
        statute/time_barred/too_old/out_of_statute/time_limit/past_the_statute/years_old
        illegal/usury/usurious ~3 interest/fees/fee/rate
        interest/fees/fee ~4 illegal/agreed/wrong/crazy/not_fair/unfair/from/never
        where ~3 fee/fees/interest/charges/charge/amount/number/total/balance
        why/what ~4 fee/fees/interest/charges/extra_charges/penalty
        never ~2 late
        wasnt/not late
        scam/scammer/scammers/scamming/bogus/phishing/ripoff/rip_off/con_artist
        dont/didnt/cant believe ~4 owe/real/legit/mine/legitimate
        not_valid/invalid/unvalidated/not_legitimate/isnt_legit/isnt_legitimate/not_legit/isnt_valid/not_true/not_accurate
        ex <kin>/his/her/ex_husbands/ex_wifes/ex_husband/ex_wife ~5 not_mine/account/debt/card/responsible/bill/not_me
        his/her/their/exs/ex_husbands/ex_wifes/roommates/moms/dads/sons/brothers/someone_elses/somebody_elses <debt>
        someone_else/somebody_else ~3 debt/bill/account/owes
        lease ended/end/was_up/was_over ~8
        moved_out ~8 owe/charged/bill/billed/rent
        billed/bill/charged/charging me ~3 after/for/twice/double/wrong/anyway/again/too_much/extra/still/still_after
        still ~1 billed/billing/charged/charging
        refund ~6 balance/owed/never/never_got/promised
        i_want_a/want_an/need_an/need_a ~1 itemized/itemised/audit/recalculation
        too_much $
        credit/credited/applied ~3 payments/payment ~3 not/missing/wrong/never
        payments/payment ~3 not_applied/not_credited/missing/werent_applied/wasnt_applied/not_posted/not_counted
    """,
    Intent.OPT_OUT_CHANNEL: """
        ! ^ <dont> ~1 <writing>/<calling>/<contacting> $
        ! discontinue/cease/end/terminate ~2 <texts>/<writing>/<contacting>/<calling>
        ! never/didnt/not ~2 agree/agreed/consent/consented/sign_up/signed_up/ask/asked/subscribe/subscribed ~3 <texts>/<writing>
        ! take/delete/get ~2 phone/number/me/email/address off ~2 list/lists/system/records
        ! get me off ~3 list/lists/texts
        ! said/told_you/already_said/i_said ~2 stop $
        ! dont/not/no/never ~2 have ~1 permission/consent ~3 <writing>/<contacting>
        not/dont/no/never/didnt ~2 permission/consent/authorization/authorized ~3 <writing>/<contacting>
        not ~2 receive/receiving/get/getting ~3 <texts>
        <stop> ~2 <writing>/sending/<calling>/spamming/blasting/hitting_me/hitting_my
        <stop> ~2 all/these/those/the/your/this/with/any <texts>/contact/crap/shit/nonsense/it
        <stop> all? <texts>
        <dont> ~2 <writing> ~3 <me>/here/at_all
        <dont> send ~5 <texts>/anything/shit/stuff/crap/this/these/those/anymore/me
        <dont> <calling> ~1 <me>
        <dont> <writing> this/my/here/anyone
        not/never/dont to? <writing>/send me
        not/stop/never text/email/message/texting/emailing/messaging
        no/no_more/enough/zero/dont_need/dont_want/do_not_want/tired_of/sick_of/fed_up/cut_out/over_it ~4 <texts>/more_of_these/spam
        no more $
        no_more texting/emailing/messaging/calling/calls/of_this
        dont/do_not/no_longer/didnt/never/not/doesnt ~2 want/wanna/wish/like/need/care/authorize/consent/agree/approve/allow/permit/interested/ask/asked/sign_up/signed_up ~3 <texts>/texted/messaged/emailed/get_these/receive_these/receive_anything/getting/receiving/be_texted/be_called/be_emailed/receive/called/hearing
        unsubscri*/unsub/unsubscribed/unsubcribe/unsuscribe/desubscribe/unenroll/deactivate_messages/delist/opt-out
        opt/opted/opting/opts me/us? out
        optout/optedout/optingout
        want/wish/like/need/asked/please ~1 out
        take/remove/delete/get/drop/erase/scrub/strike/keep/cut/pull/wipe ~3 off/from/out_of ~4 list/lists/system/database/texts/mailing/records/contacts/file/books/phone/directory
        take/get me/us/my_number/my_email ~1 off/out
        remove/delete/erase/lose/forget/drop/block/discard/scrub my/this/our/the/mah ~3 number/phone/email/cell/name/address/info/contact/contacts/#/information/details/digits
        remove/delete/unlist me/us/this/it
        lose this/my/the/mah ~1 number/digits
        off ~2 list/lists
        revoke/revoking/revoked/withdraw/withdrawing/withdrawn/rescind/withdrew/retract/revocation ~4 consent/permission/authorization/authorisation/agreement/approval/it
        dont/no/never/not/didnt/without ~2 have/give/gave/given/got/my ~2 permission/consent/authorization
        no/not/without ~1 permission/consent/authorized/authorised ~3 text/call/email/message/contact
        blocking/block/blocked/blockin ~2 number/you/this/sender/yall/u
        do_not_call/do_not_text/do_not_email/dnc/no_call_list/dont_call_list/do_not_contact_list
        stop $
        ^ stop/stopp/stopall/quit/unsubscribe/cancel/revoke/optout/end
        say/said/saying/told/tell/text/texted/wrote/replied/reply/sent/asked ~4 stop/no/unsubscribe/quit/optout
        make ~3 stop
        stop/quit/end/drop/cancel it/this/that/these/them $
        stop please/now/already/immediately/asap/right_now/today/right_away/bothering/annoying/bugging/blowing/filling/wasting
        stop pls/plz/plez/fr/bro/man/dude
        please/pls/just/kindly/and/must/need_to/you_to/yall_to/u_to/want_it_to/so/im_saying/to_please stop
        ^ end these/the/this/my/all/it
        cancel ~2 <texts>/subscription/alerts/subscribe/all_texts/messages
        turn/turning/shut/switch ~2 off/them_off ~4 <texts>
        turn ~3 <texts> off
        quit ~2 it
        knock ~1 off
        cut ~1 out
        enough/enough_already/enough_is_enough/no_mas
        that_is/thats enough
        get/getting/take/leave/stay ~2 off ~1 phone/my_line/inbox
        filling/clogging/blowing ~2 inbox/phone
        too_many ~2 <texts>
        not ~1 authorized/allowed/welcome ~2 text/texts/message/messages/call/email
        <texts> ~4 have_to_stop/must_stop/need_to_stop/should_stop/stop_now/end_now/unwanted/annoying/not_welcome/not_wanted/unsolicited/not_allowed
        unwanted/unsolicited <texts>
        spam/junk/spammer/spammers
        prefer/rather/would_like ~2 not ~3 receive/get/be_texted/texts/messages/emails/contacted
        stop/quit/stahp/stawp
    """,
    Intent.COMPLAINT_LEGAL_THREAT: """
        sue/suing ~2 you/yall/your/this
        will/gonna/going_to ~1 sue
        complaint/complaints/complain/complaining/grievance/ombudsman/ombudsperson
        report/reporting/reported ~4 you/yall/this_company/your_company/cfpb/fcc/ftc/bbb/authorities/attorney_general/police/state/this/them/fdcpa
        cfpb/bbb/better_business/consumer_protection/attorney_general/consumer_financial/trading_standards/financial_ombudsman/fos/fca/fcc/ag_office/regulator/regulators/state_ag/news_station/the_news/the_media
        sue/suing you/your/yall/u/this/them/the/for/over
        should/will/going_to/gonna/can/could/might/may/ill/threatening_to sue
        lawsuit/class_action/small_claims/litigation/legal_action
        see/meet you/u/yall ~1 in_court/court
        taking/take/took you/yall/this/u ~1 to_court/court
        in_court/court_date_with_you
        violat*/violation/violations/fdcpa/fcra/tcpa/reg_f/regulation_f ~3
        illegal/against_the_law/unlawful/not_legal/isnt_legal/breaking_the_law/broke_the_law/law_breaking/a_crime/criminal
        harass*/harrass*/harras*/haras/stalking/stalk/abusive/intimidat*/threaten*/bully*/bullied/extort*/blackmail*/predatory
        rude/nasty/disrespectful/yelled/cursed/screamed/lied/lying/unprofessional ~3 me/agent/rep/representative/to/on_phone
        agent/rep/representative/collector/employee/caller/you/your_people ~4 rude/nasty/disrespectful/yelled/cursed/lied/threatened/unprofessional/insulted/swore
        recorded/recording ~3 this/call/calls/everything/you/conversation/these
        have ~3 recordings/on_tape/on_record
        i/we/im/you/yall ~3 might/may/will/ill/gonna/going_to/should/thinking_of/thinking_about/consider/considering/looking_for/looking_into/about_to/need_to/have_to/could/want_to ~2 get/getting/hire/hiring/call/calling/find/finding/contact/contacting/retain/see/consult/talk_to/talking_to/speak_to/speak_with/consult_with/seek/sue a/an/some ~2 <lawyer>
        ill/i_will/will get/hire/call/find/contact/retain ~1 <lawyer>
        hear/hearing from ~3 attorney_general/my_lawyer_soon/regulator/court
        press/file/pressing/filing ~2 charges/suit/lawsuit/motion
        call/calling/called ~1 the police/cops
        against ~2 company/you/agency ~2 complaint/file?
        unfair_practice/unfair_practices/deceptive/shady ~3
        lawyer_friend
    """,
    Intent.BREATHING_SPACE_DEBT_ADVICE: """
        breathing_space/debt_respite
        dmp/debt_management/debt_mgmt/debt_manager
        stepchange/step_change/national_debtline/debtline/payplan/pay_plan/christians_against_poverty/cap_uk/citizens_advice/citizen_advice/turn2us/money_helper/moneyhelper/freedom_debt/national_debt_relief/greenpath/money_management_international/american_consumer_credit/accredited_debt/century_support/beyond_finance/clearone/debtors_anonymous/business_debtline
        debt/credit ~1 advice/adviser/advisor/advisors/counselor/counsellor/counseling/counselling/charity/relief/consolidation/agency/helpline/counselors/counsellors/coach/settlement/resolution/consolidator/consolidated
        consumer_credit counsel*
        nonprofit/non_profit/charity ~3 debt/credit/counsel*
        money adviser/advisor/advice/advice_service
        moratorium
        statutory_debt_repayment
        financial ~1 counselor/counsellor/counseling/counselling
        enrolled/enrolling/signed_up ~4 debt ~1 program
    """,
    Intent.MILITARY_SCRA: """
        scra/servicemember*/service_member/service_members/servicemembers/soldiers_and_sailors
        active_duty/active_service/active_military
        deployed/deploy/deploying/deployment/redeployed/deploys
        in/with/for/join/joined/joining/serve/serving/serves/from/of the/my? ~1 army/navy/marines/marine_corps/air_force/coast_guard/national_guard/military/armed_forces/reserves/space_force/guard/infantry
        us/u_s army/navy/marines/air_force/marine
        national_guard/coast_guard/army_reserve/reservist/marine_corps
        boot_camp/bootcamp/basic_training/basic_combat
        military/army/navy/pcs/deployment/activation ~1 orders
        got/have/received ~2 orders
        orders ~2 attached/overseas/pcs/deploy
        enlisted/enlist/mobilized/mobilised/activated_by/got_activated/called_up/ship_out/shipping_out/shipped_out
        stationed ~2
        overseas ~3 serving/duty/military/army/tour
        soldier/sailor/airman/marine/infantryman/sergeant/sgt/corporal/lieutenant ~3
        my_unit/my_platoon/my_battalion/commanding_officer
        tour_of_duty/on_tour_in
    """,
    Intent.NO_WORK_CONTACT: """
        <dont>/stop ~2 <calling>/<writing>/<contacting>/contacted/calling/sending/send/reach ~5 at/my/our/to ~2 <work>
        <dont>/stop ~2 <calling>/<writing>/<contacting>/sending/send/use ~1 my/the/this/me_at ~1 <work>
        called/calling/calls/texted/emailed/contacted/phoned/ringing ~2 my/at_my/me_at ~1 <work>
        call/calls/texts/messages/personal_calls/contact/phone ~3 at_work/at_my_job/at_my_work/at_my_office/at_my_desk/at_my_workplace
        get/getting/got ~2 me ~1 fired/in_trouble/written_up/terminated/sacked/canned
        get/be/got/getting fired/sacked/terminated/written_up ~4 you/your/calls/this/messages/because/for_this
        lose/losing/loose/cost/costing ~1 my/me ~1 job ~4 you/your/calls/this/messages/because/of/keep/over
        in_trouble/fired/written_up ~2 at_work/at_my_job/by_my_boss/with_my_boss
        <work> ~4 doesnt_allow/does_not_allow/dont_allow/not_allow/prohibits/forbids/not_allowed/wont_allow/wont_let/doesnt_let/monitored/monitors/is_watching/doesnt_permit/doesnt_like/gets_mad
        cant/cannot/not_allowed/not_supposed/unable ~4 calls/call/phone/texts/messages/text/talk ~3 at_work/at_my_job/on_the_job/at_the_office
        this_is/its_a/this_is_a/is_my/is_a ~1 work ~1 email/phone/number/address/cell/line
        work_email/work_number/work_phone ~4 dont/stop/not/please/remove
        not at ~1 work/job/workplace/office
        boss/coworkers/colleagues/manager ~4 see/read/hear/heard/saw/mad/asking ~2 this/your/these/me?
    """,
    Intent.CHANNEL_PREFERENCE: """
        text/email/mail/call/letter/letters/phone/texting/emailing/writing/e-mail/texts/emails/sms/whatsapp/paper/post only
        only/just ~2 text/email/mail/call/letter/letters/texts/emails/sms/whatsapp/phone/e-mail/contact_me ~1 me/by/please/via/through?
        email/text/mail/call/message/write/whatsapp me ~1 instead/rather/only
        text/email/mail/call/message instead
        prefer/rather/prefered/preferred/preference/favor ~5 text/texts/email/emails/mail/letter/letters/phone/call/calls/writing/texting/sms/e-mail/emailed/whatsapp/calling/paper/talk
        text/texts/email/emails/mail/letter/letters/phone/calls/writing/texting/sms/messages ~1 is/are/works/work/would_be ~1 fine/better/best/ok/okay/preferred/easier/good/great/preferable
        better/best/easier ~1 to_reach_me/by ~2 text/email/mail/phone/letter
        in_writing/by_letter/in_writting/on_paper/hard_copy/paper_copy/by_post/by_mail/through_the_mail/via_mail/snail_mail/us_mail/through_mail/by_regular_mail/physical_mail/postal_mail
        by/via/through/over text/email/sms/e-mail/mail/phone/letter/whatsapp
        send ~4 letter/to_my_email/to_my_house/to_my_address/by_email/by_mail/via_email/in_the_mail/email_instead
        mail me/it/them/something/a_letter/that/everything/the/statements
        email me/it/them/that/the ~2
        no/dont/not/stop ~2 call/calls/calling/phone_calls/phone ~4 text/email/message/texts/emails/texting/write/mail/letter/letters/e-mail
        no/dont/not/stop ~2 text/texts/texting/email/emails/message/messages ~4 call/calls/phone/mail/letter/letters/email
        text/texts/texting/email/emails/messages/message ~5 no/not/dont/without/but_no/but_dont call/calls/phone/phone_calls/calling/voice/ring
        call/calls/phone ~4 no/not/dont text/texts/texting/email/emails/messages
        no phone calls/call
        change/switch ~4 to email/text/mail/phone/paper/texts/emails/letters
        not ~1 by phone
        reach_me/contact_me/get_me ~2 by/via/at/on/through ~2 email/text/mail/phone/letter/@name/whatsapp
        dont ~2 read/check/use/see/get/have texts/text/email/emails/messages/sms/voicemail/voicemails
        rather_than/instead_of by? text/texts/email/emails/calls/calling/phone/texting/mail/letters
    """,
    Intent.INCONVENIENT_TIME: """
        only ~2 <writing>/<calling>/<contacting> ~2 after/before/between/on/in_the ~2
        <dont> ~2 <writing>/<calling>/<contacting> ~2 after/before/past ~1 #
        <writing>/<calling> ~2 between ~1 # ~1 and ~1 #
        stop ~2 <writing>/<calling> ~2 this/so early/late
        <dont>/no/not/never/stop ~5 before/after/until/till/til/past/between ~2 #/<time>/work
        <dont>/not/no/stop/never ~4 on/in_the/during/at/in/over/this ~2 <time>
        <dont>/not/no/stop/never ~3 this/so/that/too early/late
        call/text/contact/message/email/reach/try/ring/phone/texts/calls/talk/speak/available/free/reachable/better/best/fine/works ~3 after/before/between/only_after/past/until ~2 #/<time>/work
        call/text/contact/message/email/reach/try/ring/phone/texts/calls/talk ~3 on/in_the/at/during/only ~1 <time>
        after/before # ~2 better/best/only/works/fine/good/please/ok/is
        not before/after/between/until/till ~1 #/<time>
        not/no ~1 <time>
        only ~2 <time>
        too/so/very/this early/late
        know/realize/see what_time/the_time
        what_time ~1 is_it/it_is
        at # ~1 am/in_the_morning/at_night
        #/am/oclock ~1 in_the_morning/at_night
        asleep/sleep/sleeping/nap/napping/in_bed/wake_up/waking/woke/woken ~4
        work/working/works/on ~2 night/nights/night_shift/graveyard/third_shift/overnight/overnights/nightshift/graveyards/late_shift/night_shifts
        night_shift/nightshift/graveyard_shift/night_worker
        driving/on_the_road/behind_the_wheel/at_the_wheel
        in/at/during a/the/my ~1 meeting/class/church/mass/court/appointment/movie/theater/school/funeral/exam/test/service/shower/temple/mosque/synagogue/hospital_now/lecture
        in_class/in_church/at_church/in_school/at_school/at_the_doctor/in_a_meeting/in_meetings/at_dinner/with_a_client/with_clients/with_customers/in_court/at_lunch
        busy ~2 right_now/now/at_the_moment/today/until/till
        im_busy/i_am_busy/bad_time/not_a_good_time/isnt_a_good_time/wrong_time/inconvenient/cant_talk/cant_talk_now/call_later/call_back_later/text_later/call_me_later/try_later/try_again_later/another_time
        shabbat/sabbath/shabbos/ramadan/prayer_time/religious_holiday
        mornings/evenings/nights/weekends/afternoons/weekdays/morning/evening/afternoon ~1 work/works/best/better/only/is_better/are_better/are_best/is_best/ok/fine/please
        best/good/better/ideal/convenient time ~2 is/to/would_be
        call_back/call_me ~2 after/later/tomorrow/tonight/around/between/at ~2
        after/during ~1 work/working/lunch/school/hours ~2 call/text/please/only/better?
        cant/unable ~2 talk/answer/speak/take_calls ~4 now/during/until/till/before/at/while
    """,
    Intent.HARDSHIP: """
        funds ~2 nonexistent/low/gone/limited/tight
        money ~2 tight/short/gone
        strapped/tapped_out/flat_broke/dead_broke
        cant/cannot/couldnt/unable/not_able/not_possible/no_way/wont_be_able/aint_able/dont_see_how/impossible ~3 pay/afford/make_payment/make_the/make_a_payment/make_this/make_it/make_payments/cover/keep_up/manage/swing/do_it/come_up_with/pay_this/make_ends
        cant/couldnt/cannot afford ~2
        unaffordable/not_affordable/out_of_my_budget/over_my_budget/tight_budget/cant_budget
        no/zero/dont_have_any/aint_got/havent_got/dont_have/dont_got/out_of/without/short_on/low_on/lack_of/not_enough/need ~2 money/income/funds/cash/job/work/paycheck/savings/means/mony
        dont_have_it/aint_got_it/havent_got_it/dont_got_it/dont_have_that/aint_got_that ~1
        lost ~4 job/jobs/work/income/business/house/home/hours/everything/position/contract/benefits/insurance/employment/apartment
        laid_off/let_go/layoff/layoffs/furloughed/fired_me/got_fired/was_fired/been_fired/terminated/out_of_work/out_of_a_job/between_jobs/not_working/havent_worked/no_work/made_redundant/redundant/redundancy/without_a_job/without_work/not_employed/looking_for_work/looking_for_a_job/job_hunting/business_closed/business_failed/plant_closed/closed_down/no_longer_employed/off_work/off_from_work/cant_work/unable_to_work/cannot_work/havent_been_working
        unemployed/unemployment/jobless/workless/universal_credit/jobseekers
        hours ~2 cut/reduced/slashed
        cut ~2 my hours/pay/wages/salary
        pay_cut/wage_cut/lost_hours/slow_season/slow_at_work/business_is_slow/work_is_slow/work_has_been_slow
        ssi/ssdi/social_security/food_stamps/snap_benefits/ebt/welfare/tanf/section_8/medicaid_only/pension/fixed_income/fixed_incomes/limited_income/low_income/on_benefits/disability_benefits/on_disability/disability_check/public_assistance/food_bank/food_pantry/food_banks/fix_income
        disability/disabled
        i/we/my/hes/shes/he/she/is/was/have/had/having/got/in/been/with/from/recovering/for/a ~3 <illness>
        live/living/survive/surviving/get_by/getting_by/make/makes/making/earn/bring_home on/with/only/about ~2 #
        live/living/survive/surviving on ~2 # ~4
        paycheck_to_paycheck/check_to_check/hand_to_mouth/month_to_month_living
        broke/brokeass/penniless/skint/destitute/homeless/evicted/eviction/foreclosure/foreclosed/shelter/repossessed/living_in_my_car/couch_surfing/strapped/dirt_poor/poor/indigent/starving/hungry
        struggling/struggle/struggles/hard_times/hard_time/tough_times/tough_time/rough_time/rough_patch/rough_month/tough_month/hard_month/difficult_time/difficult_times/difficulties/difficult/hardship/financially/financial_trouble/financial_difficulty/financial_difficulties/money_trouble/money_troubles/tight/stretched/drowning/overwhelmed/sinking/in_a_bind/going_through_a_lot/going_through_it/having_a_hard/having_trouble/falling_apart/strained/hurting_for/times_are_hard/times_are_tough/hard_up/in_dire/in_a_hole
        behind on/with ~2 rent/bills/everything/mortgage/payments/car/utilities
        rent/mortgage/utilities/groceries/childcare/child_support/daycare ~4 first/due/or/cant/higher/takes/took/behind/late/both/choose/before
        choose/choosing/decide between
        feed/feeding ~3 kids/children/family/babies/baby
        medical_bills/hospital_bills/medical_debt/doctor_bills/vet_bills/hospital_bill
        car_broke/car_broke_down/emergency/flood/hurricane/tornado/house_fire/burned_down/storm_damage/robbed/fire_destroyed/flooded
        divorce/divorcing/divorced/separated/separation/single_mom/single_mother/single_parent/single_dad/widow_with
        kid/kids/son/daughter/baby/child/wife/husband/mom/mother/dad/father/family ~3 sick/ill/hospital/icu/accident/surgery/nicu/cancer
        maternity/newborn/new_baby/had_a_baby/baby_on_the_way
        missed ~4 work/weeks/shifts/paycheck/days_of_work
        check/paycheck/pay ~2 short/late/small/smaller/delayed
        only_afford/can_only/could_only/best_i_can_do/all_i_can/all_i_have/most_i_can ~3 pay/afford/do/give/manage/send/is/right_now/#
        <lower> ~3 payment/payments/amount/plan/month/bill/interest/fee/fees/balance/it/monthly/program/options/please
        can/could/would/will/is/possible/need/want/have/get/like/offer/any/you/ask/request/asking/for/give/setup/set_up/do ~4 <lower>
        <lower> $
        small payments/payment
        pay/paying ~2 less/smaller/little_by_little/bit_by_bit/in_installments/a_little/little_at_a_time/over_time/weekly/monthly/in_parts/in_pieces
        break ~2 up into/in
        go/be easy/patient/lenient ~1 on/with me
        help ~3 afford/with_bills/with_the_payment/with_payments/paying/programs/program
        hardship/assistance/relief/help/aid program/programs/plan/options
        need/please/have/show ~3 mercy/compassion/understanding/patience
        on_strike/government_shutdown/furlough
        strapped_for ~1 cash
        money ~2 tight/short/low/gone/problems/issues
        no_money_honey/aint_got_no
        bankrupt lol/haha/lmao
    """,
    Intent.REQUEST_ORIGINAL_CREDITOR: """
        original/orginal/origional/initial/first/previous/prior/actual ~1 creditor/lender/company/account/bank/owner/loan/debt/store/provider/card/merchant
        who ~3 creditor
        what/which/who ~3 creditor/lender
        name ~2 address ~3 creditor
        name ~3 creditor/lender
        who/whom/what_company/where/which_company/which_bank/what_bank ~4 debt/bill/balance/account/loan/it/this ~2 from/come_from/came_from/originate/bought_from/purchased_from/belong_to
        who/whom/where/what_company/which_company ~3 buy/bought/purchase/purchased/get/got/acquire/acquired ~3 debt/it/this/account/loan/from
        who/what/which ~2 did/do/does/is i/this/it/that ~2 owe/owed/owing ~1 to/originally/money?
        who ~2 i ~2 owe/owing/owed
        what/which ~1 is? this/that/it/the ~2 debt/bill/account/balance/charge/loan/collection ~1 for/from/about/on
        what ~1 debt/bill/account/charge/loan/it/this_balance ~2 for
        which/what ~2 card/loan/account/store/bank/company/doctor/hospital/purchase/lender/creditor/bill ~3 is/was/for/this/from/owe/originally
        on_behalf_of/on_whose_behalf/collecting_for/who_are_you_collecting/working_for/representing_who/who_do_you_represent/who_sold/sold_my_debt/sold_the_debt/who_hired_you
        what ~2 this/it ~1 for $
    """,
    Intent.PAID_ALREADY: """
        ^ paid/payed $
        already/just/have/has/was/were/been/is/got/all/ive/weve/i/we/he/she/husband/wife/mom/dad/it/its/now/did/that/they/finally/i_did/us ~2 paid/payed
        paid ~2 it/this/that/yesterday/today/already/last/on/monday/tuesday/wednesday/thursday/friday/saturday/sunday/online/through/by/via/with/the/you/my/in/bill/#/up/this_morning
        done/all_done/taken_care_of paid?
        taken_care_of/took_care_of_it/took_care_of_this/took_care_of_that/all_set/paid_up/squared_away
        payment/payments/check/cheque/money/transfer/money_order/funds/zelle/venmo/wire ~3 sent/made/went_through/went_out/cleared/posted/processed/mailed/confirmed/submitted/completed/scheduled_already/already/in_the_mail/on_its_way/on_the_way/was_taken/came_out/done/received/confirmation/is_made/was_paid/went/hit
        payment_confirmation/confirmation_number/confirmation/receipt ~2
        made/make_already/sent/submitted/mailed/transferred/wired/deposited/processed/dropped_off/completed/gave/zelled/overnighted/venmoed ~4 payment/payments/check/money/it/cheque/funds/money_order/cash/deposit/you/#/last_payment
        sent/mailed/transferred/deposited it/the/that ~2 yesterday/already/today/this/last/morning/monday/tuesday/wednesday/thursday/friday/saturday/sunday/in?
        just sent/paid/mailed/did_it/made
        took ~2 out_of/from my account/bank/card/checking
        already ~1 took/charged/withdrew/debited/deducted/taken/sent/made/mailed/did/done/cleared
        came_out_of/debited/deducted/withdrawn ~2
        autopay/auto_pay ~4 went/took/ran/paid/out/cleared/hit/came
        in_the_mail/check_is_in
        caught_up/up_to_date/current_on ~2
    """,
    Intent.PROMISE_TO_PAY: """
        <will> ~1 <pay> ~7 <day>/#
        <will> pay/send/settle/make_a_payment/mail/drop/transfer/bring/clear/catch_up
        <will> ~1 pay_it/pay_you/pay_this/send_it/take_care_of_it/take_care_of_this/take_care_of_that/handle_it/get_it_paid/get_this_paid/mail_it/catch_up/get_caught_up/make_it_right
        <will> ~3 have ~3 <day>/#/money/it_for_you/payment/it/the_rest
        pay/paying/paid/payment/send/sending/mail/mailing/settle/deposit/transfer/money/cash/check/do/give/rest/half/something ~5 <day>
        pay/paying/payment/send/sending/mail/mailing/do/give/put/drop ~3 on/by/until/till/before/in ~2 #/<day>
        # ~3 on/by/every/this/next/each/now/and ~2 <day>/#/rest/half/check/pay/two_weeks/paycheck/week
        half/part/some/partial/rest/remainder ~2 now/today/tomorrow/then/later/next/when/on/by/<day>
        when/once/after/as_soon_as/soon_as/until/till/whenever/til ~3 get_paid/gets_paid/get_my/paid/check/paycheck/refund/taxes/tax/settlement/payday/bonus/comes/come/hits/clears/hit/deposit/ssi/disability/unemployment/money/direct_deposit/commission/start_working/start_my/stimulus/am_back/get_back/loan/sold/sell/it_comes/cash_comes
        get/getting/gets paid ~4 <day>/#/on/by/in/then/soon/every/tomorrow
        ^ by/on/until/till/before/after/in/around/within/at/for/next/this/maybe/probably/not_until/give_me_til/give_me_until/wait_until/wait_til/hold_off_until the/next/this/about? <day>/# ~1 $
        ^ <please>? ~1 <day> ~2 $
        ^ <day> $
        ^ tomorrow/tonight/monday/tuesday/wednesday/thursday/friday/saturday/sunday/payday/later_today/next_week/next_month/end_of_month/end_of_the_month/month_end/eod/end_of_day ~3 $
        ^ on/by the/this? # $
        ^ the # $
        ^ # <day> $
        ^ <day> # $
        end_of/first_of/middle_of/beginning_of/start_of ~2 month/week/year/day/january/february/march/april/may/june/july/august/september/october/november/december
        give/wait/hold/allow/need ~3 until/till/til/to/by ~2 <day>/#
        put/mark/sign/schedule/set me/it/us/payment ~3 down/up/for ~2 #/<day>
        schedule/scheduling/arrange ~4 payment ~3 for/on/<day>
        stop/stopping/swing/come/coming/drop/dropping/drive/go/run by/in/over/down/past ~6 pay/cash/payment/check/money/<day>/card/office
        stop/swing/come/drop/go/run ~1 by/in ~3 <day>/office
        promise/promised ~3 pay/payment/you
        pay ~2 plan ~4 #/<day>
        you_will/youll ~1 have/get/receive/see ~3 money/payment/it/check/#
        will_be/ill_be/be ~2 sending/paying/mailing/making/caught_up
        paying/sending/mailing ~3 <day>/it_off/today/now/soon/#
        do/make_it/move_it ~2 the? # instead?
        reschedule/move/push/change ~5 to ~2 <day>/#
        cancel the # ~1 do
        # ~2 a/per/every month/week/payday/paycheck
        first_thing ~2
    """,
    Intent.HUMAN_OR_CALLBACK: """
        ^^ agent/representative/human/operator/person/rep/manager/supervisor/live_agent/live_person/call/customer_service/real_person/talk_to_agent/callback/call_back/human_please/someone/live_chat please?/now? $
        speak/talk/chat/talking/speaking/spoke/connect/transfer/escalate ~3 to/with ~3 human/person/someone/somebody/agent/representative/rep/manager/supervisor/people/operator/you/actual/real/live/anyone/your_boss/one_of_you/customer_service/specialist/advisor/whoever
        real/live/actual human/person/agent/rep/representative/people
        call/ring/phone/dial me/us/back
        call/ring/phone me/us back?
        call_back/callback/return_my_call/returning_your_call/give_me_a_call/give_us_a_call/have_someone_call/ask_someone_to_call/callme/give_a_call/give_me_a_ring/missed_your_call/phone_call_please
        can/could/have/need/want/get ~2 someone/somebody/you/agent/rep/representative/anyone/manager/supervisor/person ~3 call/phone/ring/contact/talk/speak/help
        are/r/is/am ~4 robot/bot/computer/machine/automated/ai/real/human/chatbot/auto
        robot/bot/chatbot/automated/computer ~2 $
        this_automated/automated ~2
        anyone/anybody ~2 there/real/reading/home
        number/phone ~4 call/reach/talk ~2 you/someone/u/y/at?
        what/which number ~3 call/reach/ring
        how ~3 reach/contact/call ~2 you/someone/phone/u/a_person
        customer_service/customer_care/customer_support/supervisor/manager ~2 please?
        need/want/like ~2 human/agent/representative/supervisor/manager/rep/operator
        need ~2 discuss/talk
        can/could we/i/you talk/speak/discuss
    """,
    Intent.LANGUAGE_REQUEST: """
        speak/write/text/use/talk ~2 english/spanish/chinese/mandarin ~1 please
        english/spanish/chinese/mandarin ~1 please
        dont/do_not/cant/cannot/not/no/doesnt/barely/little/bad/poor/limited/hardly ~3 speak/read/understand/write/know/good_at/fluent/comprehend ~3 english
        english ~3 not_good/isnt_good/not_my/isnt_my/bad/not_great/limited/poor/second_language/not_very/isnt_very/not_so/weak/no_good/isnt_great
        ^ no english $
        not/no/little/poor/bad/limited english
        <tongue> ~1 please/only/speaker/speaking/interpreter/translation/translator/version/language/agent/representative
        ^ <tongue> $
        only/just/mainly speak/speaks/read/understand/know ~1 <tongue>
        speak/speaks/write/text/send/translate/say/habla/message/have/available/reply/anyone/talk/respond ~5 in/into/anyone/who_speaks/someone/speaks? ~2 <tongue>
        speak ~2 <tongue>
        in <tongue>
        interpreter/translator/translate/translation
        switch/change ~3 to ~1 <tongue>
        language ~2 preference/please/change/to
    """,
    Intent.HELP: """
        ^^ help/info/information/more_info/commands/options/menu/help_please/help_me/hlp/helpp/? $
        help_me/need_help/please_help/can_you_help/could_you_help/i_need_info/more_info/more_information/info_please/need_more_info/need_information/some_info
        who/whos/hu ~1 is? this/dis/it/that/texting_me/messaging_me/calling_me/emailing_me/u/you/contacting_me $
        who is this/texting/messaging/calling/emailing/contacting/it
        who_are/who_r/whor you/u/yall/these ~2
        who ~1 texting/messaging/calling/emailing/sent/sending ~2
        what/which/wat ~1 company/business/organization/agency ~4 is/this/are/you/it/from/call?
        what_is/whats/wats/wut ~1 this ~2 about/for/regarding/concerning?
        what is this/it ~2 about/regarding/concerning/all_about
        what/wat ~2 you/u/this ~1 want/about/regarding/need
        why ~2 you/u/yall/i ~2 texting/text/messaging/contacting/emailing/getting/receiving/calling/writing
        how ~3 get/got/find/have ~2 my number/email/info/address/phone/cell
        how ~2 i/we/you/to ~3 stop/unsubscribe/opt_out/optout/cancel ~3 texts/messages/these/this/getting/emails/receiving/texting?
        how ~2 i/we/to ~2 stop/unsubscribe/opt_out
        is_this/are_you/is_it ~3 legit/legitimate/real_company/spam_or_real/a_scam_or/for_real/really
        where ~2 you/u/yall/your ~2 located/based/office/at/calling_from/from
        how_does_this_work/how_it_works/what_can_i_do/what_are_my_options/what_do_i_do/options ~1
    """,
    Intent.OPT_IN: """
        start/resume/begin ~1 <writing>/sending ~2 again
        sign ~1 back up
        opt me back in/resubscribe/re_subscribe
        ^^ start/yes/unstop/subscribe/resume/optin/opt_in/continue/restart/yes_please/resubscribe/yea/yeah/yep/y/yes_start/start_again $
        sign/opt/add/put/subscribe/enroll/get me/us ~2 back/up/in/on
        opt me/us? ~1 in
        opt_in/opting_in/optin/opted_back_in/resubscribe/re-subscribe/resubscribing/unstop/re_subscribe
        start/restart/resume/reactivate/continue/reinstate/begin ~3 texting/sending/messaging/emailing/<texts>/updates/notifications
        turn ~2 <texts> ~1 back_on/on
        turn ~1 back_on
        can/may/ok_to/okay_to/fine_to/free_to/please/want_to/want_you_to/let_me/like_to ~2 text/message/email/send/receive/get/texting/texts ~4 again
        want/like/wish/ready ~2 receive/get ~2 <texts> ~1 again?
        <texts> back on
        subscribe ~2 again/back/me
        changed_my_mind ~6 text/texts/messages
    """,
}
